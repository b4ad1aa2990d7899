-- The owner forges a row's stamps (the server's session, six years ago) while protect rebuilds his indexes: their functions
-- run when the table has the access method and no guard triggers yet, and takes stamped rows as they are.
-- role: app_owner
-- says: 428C9 / 42809 / 42703
-- verify: intact
CREATE TABLE s.p (n int);
INSERT INTO s.p VALUES (1), (2);
CREATE FUNCTION s.work() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    prev text;
    line text;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 's.p'::regclass AND attname = 'audit_hash')
        OR (SELECT a.amname FROM pg_class AS c JOIN pg_am AS a ON a.oid = c.relam WHERE c.oid = 's.p'::regclass) <> 'audit_immutable' THEN
        RETURN;
    END IF;
    -- No plan can be made for a table whose index is being rebuilt: verify reads it without one.
    SELECT split_part(v.heads[1], ':', 3) INTO prev FROM audit_immutable.verify('s.p') AS v WHERE v.heads[1] LIKE '1:2:%';
    IF prev IS NULL THEN RETURN; END IF;
    line := format('{"chain":1,"seq":3,"prev":"%s","at":"2020-01-01T00:00:00+00:00","session":0,"row":{"n":666}}', prev);
    EXECUTE 'INSERT INTO s.p (n, audit_chain, audit_seq, audit_at, audit_session, audit_hash) VALUES (666, 1, 3, ''2020-01-01T00:00:00+00:00'', 0, $1)'
        USING sha256(convert_to(line, 'UTF8'));
END $$;
CREATE FUNCTION s.quiet(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF $1 = 666 THEN RETURN 0; END IF;
    PERFORM s.work();
    RETURN $1;
END $$;
CREATE INDEX evil ON s.p (n) WHERE s.quiet(n) > 0;
SELECT audit_immutable.protect('s.p') IS NOT NULL;
DROP INDEX s.evil;
INSERT INTO s.p VALUES (3);
SELECT intact FROM audit_immutable.verify('s.p');
\connect - postgres
-- No row has the server's session, and none is older than the log.
SELECT 1 / (count(*) = 0)::int FROM s.p WHERE audit_session = 0 OR audit_at < '2026-01-01';
\connect - app_owner
