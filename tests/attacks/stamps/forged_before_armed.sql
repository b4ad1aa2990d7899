-- A superuser's event trigger runs after the first guard trigger is created and before the second: the log has its opening
-- line and is not armed, and takes stamped rows as they are, of any session and any time.
-- role: postgres
-- says: done
-- verify: intact
CREATE FUNCTION public.boom() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE
    opening text;
    line text;
BEGIN
    IF (SELECT count(*) FROM pg_trigger WHERE tgrelid = 's.q'::regclass) = 1 AND NOT EXISTS (SELECT FROM s.q) THEN
        SELECT o.line INTO opening FROM audit_immutable.opening AS o ORDER BY audit_at DESC LIMIT 1;
        line := format('{"chain":1,"seq":1,"prev":"%s","at":"2020-01-01T00:00:00+00:00","session":0,"row":{"n":666}}',
            encode(sha256(convert_to(opening, 'UTF8')), 'hex'));
        INSERT INTO s.q (n, audit_chain, audit_seq, audit_at, audit_session, audit_hash)
            VALUES (666, 1, 1, '2020-01-01T00:00:00+00:00', 0, sha256(convert_to(line, 'UTF8')));
    END IF;
END $$;
CREATE EVENT TRIGGER boom ON ddl_command_end WHEN TAG IN ('CREATE TRIGGER') EXECUTE FUNCTION public.boom();
CREATE TABLE s.q (n int) USING audit_immutable;
DROP EVENT TRIGGER boom;
INSERT INTO s.q VALUES (3);
SELECT 1 / (count(*) = 0)::int FROM s.q WHERE audit_session = 0 OR audit_at < '2026-01-01';
