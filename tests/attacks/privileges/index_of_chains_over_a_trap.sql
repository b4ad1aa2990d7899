-- An index of the chains over a table of the attacker's own, whose columns are named like stamps and have types with
-- code in them: it would run as whoever vacuums, reindexes or verifies.
-- role: attacker
-- says: 0A000 / 42501
-- verify: intact
CREATE FUNCTION m.see() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO m.seen VALUES (current_user, 'trap');
    RETURN true;
END $$;
CREATE FUNCTION m.trap(v int) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN m.see(); END $$;
CREATE DOMAIN m.chain AS int CHECK (m.trap(VALUE));
CREATE TABLE m.t (audit_chain m.chain, audit_seq bigint);
INSERT INTO m.t SELECT 1, n FROM generate_series(1, 500) AS n;
CREATE INDEX ON m.t USING audit_chain (audit_chain, audit_seq);
CREATE INDEX ON m.t USING audit_chain (audit_chain, audit_seq) WHERE m.trap(1);
CREATE INDEX ON s.a USING audit_chain (audit_chain, audit_seq);
INSERT INTO m.t SELECT 1, n FROM generate_series(500, 1, -1) AS n;
DELETE FROM m.t WHERE audit_seq % 3 = 0;
\connect - postgres
VACUUM m.t;
REINDEX TABLE m.t;
VACUUM FULL m.t;
SELECT intact FROM audit_immutable.verify();
