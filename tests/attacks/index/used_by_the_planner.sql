-- A superuser gives the index operators, so that the planner may take it for one with all rows: a query would not see most
-- of them.
-- role: postgres
-- says: done
-- verify: intact
INSERT INTO s.a (action) SELECT 'row ' || n FROM generate_series(1, 2000) AS n;
ANALYZE s.a;
SELECT opfname FROM pg_opfamily WHERE opfmethod = (SELECT oid FROM pg_am WHERE amname = 'audit_chain');
ALTER OPERATOR FAMILY audit_immutable.chain_ops USING audit_chain ADD OPERATOR 3 = (int4, int4);
CREATE OPERATOR CLASS m.int4_more FOR TYPE int4 USING audit_chain AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
    FUNCTION 1 btint4cmp(int4, int4);
CREATE OPERATOR CLASS m.int8_more FOR TYPE int8 USING audit_chain AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
    FUNCTION 1 btint8cmp(int8, int8);
CREATE INDEX with_operators ON s.a USING audit_chain (audit_chain m.int4_more, audit_seq m.int8_more);
SET enable_seqscan = off;
SELECT 1 / (count(*) = 2010)::int FROM s.a WHERE audit_chain > 0;
SELECT 1 / (count(*) = 2010)::int FROM s.a WHERE audit_chain = 1 AND audit_seq >= 1;
SELECT 1 / (max(audit_seq) = 2010)::int FROM s.a WHERE audit_chain = 1;
SELECT 1 / (count(*) = 2010)::int FROM s.a JOIN (VALUES (1), (2)) AS v (chain) ON audit_chain = chain;
SELECT 1 / (count(*) = 3)::int FROM s.a WHERE audit_chain IN (1, 2) AND audit_seq = ANY ('{5, 6, 2010}');
SELECT 1 / (count(*) = 0)::int FROM s.a WHERE audit_chain IS NULL OR audit_seq < 0;
SELECT 1 / (max(n) = 2010)::int FROM (SELECT row_number() OVER (ORDER BY audit_chain, audit_seq) AS n FROM s.a) AS rows;
SELECT 1 / (count(*) = 0)::int FROM s.a AS a WHERE NOT EXISTS (SELECT FROM s.a AS b WHERE (b.audit_chain, b.audit_seq) = (a.audit_chain, a.audit_seq));
