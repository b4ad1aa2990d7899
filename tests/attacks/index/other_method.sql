-- Another access method with the same code behind it, or one for tables of that name, gets around what the first checks.
-- role: postgres
-- says: 0A000 / 0A000
-- verify: intact
CREATE FUNCTION m.handler(internal) RETURNS index_am_handler LANGUAGE c AS '$libdir/audit_immutable', 'audit_immutable_chain_handler';
CREATE ACCESS METHOD mine TYPE INDEX HANDLER m.handler;
CREATE OPERATOR CLASS m.backwards FOR TYPE int8 USING mine AS OPERATOR 1 >, FUNCTION 1 btint8cmp(int8, int8);
CREATE OPERATOR CLASS m.chains FOR TYPE int4 USING mine AS OPERATOR 1 >, FUNCTION 1 btint4cmp(int4, int4);
CREATE INDEX by_mine ON s.a USING mine (audit_chain m.chains, audit_seq m.backwards);
CREATE FUNCTION m.reversed(int8, int8) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT btint8cmp($2, $1)';
CREATE OPERATOR CLASS m.reversed FOR TYPE int8 USING audit_chain AS FUNCTION 1 m.reversed(int8, int8);
CREATE INDEX reversed ON s.a USING audit_chain (audit_chain, audit_seq m.reversed);
INSERT INTO s.a (action) SELECT 'row ' || n FROM generate_series(1, 300) AS n;
