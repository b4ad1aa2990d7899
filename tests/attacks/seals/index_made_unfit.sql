-- A stranger makes the chains' index of his own log unfit (a deferrable constraint of it) in a command that forgets to look:
-- does anybody get a checkpoint after that? PostgreSQL makes no constraint of an index of this kind.
-- role: attacker
-- says: 42809
-- verify: intact
CREATE FUNCTION m.f(int) RETURNS bool LANGUAGE plpgsql AS $$
BEGIN
    BEGIN PERFORM 1 / 0; EXCEPTION WHEN division_by_zero THEN NULL; END;
    RETURN true;
END $$;
ALTER TABLE m.mine ADD CONSTRAINT u UNIQUE USING INDEX mine_audit_chain_audit_seq_idx DEFERRABLE, ADD CONSTRAINT k CHECK (m.f(id));
\connect - postgres
INSERT INTO s.a (actor) VALUES ('to be committed to');
SELECT audit_immutable.checkpoint() IS NOT NULL;
SELECT 1 / (max(r.last_seq) = 11)::int FROM audit_immutable.leaf_range AS r
    JOIN audit_immutable.log AS l USING (log) WHERE l.relation = 's.a'::regclass;
\connect - attacker
