-- As forged_while_adopted, by a stranger with a table of his own: a row behind a gap in its chain. Does anybody get a
-- checkpoint after that, and is verify() of everything ever intact again?
-- role: attacker
-- says: 428C9
-- verify: intact
CREATE TABLE m.p (n int);
INSERT INTO m.p VALUES (1), (2);
CREATE FUNCTION m.work() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    prev text;
    line text;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'm.p'::regclass AND attname = 'audit_hash')
        OR (SELECT a.amname FROM pg_class AS c JOIN pg_am AS a ON a.oid = c.relam WHERE c.oid = 'm.p'::regclass) <> 'audit_immutable' THEN
        RETURN;
    END IF;
    -- No plan can be made for a table whose index is being rebuilt: verify reads it without one.
    SELECT split_part(v.heads[1], ':', 3) INTO prev FROM audit_immutable.verify('m.p') AS v WHERE v.heads[1] LIKE '1:2:%';
    IF prev IS NULL THEN RETURN; END IF;
    line := format('{"chain":1,"seq":9,"prev":"%s","at":"2020-01-01T00:00:00+00:00","session":0,"row":{"n":666}}', prev);
    EXECUTE 'INSERT INTO m.p (n, audit_chain, audit_seq, audit_at, audit_session, audit_hash) VALUES (666, 1, 9, ''2020-01-01T00:00:00+00:00'', 0, $1)'
        USING sha256(convert_to(line, 'UTF8'));
END $$;
CREATE FUNCTION m.quiet(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF $1 = 666 THEN RETURN 0; END IF;
    PERFORM m.work();
    RETURN $1;
END $$;
CREATE INDEX evil ON m.p (n) WHERE m.quiet(n) > 0;
SELECT audit_immutable.protect('m.p') IS NOT NULL;
DROP INDEX m.evil;
\connect - postgres
INSERT INTO s.a (actor) VALUES ('to be committed to');
SELECT audit_immutable.checkpoint() IS NOT NULL;
SELECT 1 / (max(r.last_seq) = 11)::int FROM audit_immutable.leaf_range AS r
    JOIN audit_immutable.log AS l USING (log) WHERE l.relation = 's.a'::regclass;
\connect - attacker
