-- A predicate that never comes back, but for its owner, would hold up verify() of everything: it is folded when the pass
-- over the rows is planned. So would an expression of statistics, and a constraint.
-- role: attacker
-- says: done
-- verify: intact
CREATE FUNCTION m.hang(n int) RETURNS int LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    IF session_user <> 'attacker' THEN PERFORM pg_sleep(1000); END IF;
    RETURN n;
END $$;
CREATE INDEX ON m.mine (id) WHERE m.hang(1) > 0;
CREATE STATISTICS m.more ON (m.hang(1) + id), note FROM m.mine;
CREATE TABLE m.second (id int CHECK (m.hang(1) > 0)) USING audit_immutable;
\connect - postgres
SET constraint_exclusion = on;
SELECT count(*) FROM audit_immutable.verify();
SELECT count(*) FROM audit_immutable.findings('m.mine');
SELECT count(*) FROM audit_immutable.findings('m.second');
CREATE OR REPLACE FUNCTION m.hang(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT n';
