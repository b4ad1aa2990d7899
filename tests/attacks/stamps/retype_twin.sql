-- While ALTER COLUMN TYPE rewrites the rows, the table that takes them has no guards and a name that can be guessed. A function
-- in a check writes a row of another day there, with a hash that fits: it would be one of the log's rows.
-- role: app_owner
-- says: 42501
-- verify: intact
CREATE FUNCTION s.work() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    twin text := format('s.pg_temp_%s', 's.a'::regclass::oid);
    line text := format('{"chain":9,"seq":1,"prev":"%s","at":"2020-01-01T00:00:00+00:00","session":0,"row":{"id":99,"n":666}}',
        encode(sha256(convert_to(audit_immutable.opening_line('s.a'), 'UTF8')), 'hex'));
    any_row bool;
BEGIN
    IF to_regclass(twin) IS NULL THEN RETURN; END IF;
    EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE audit_chain = 9)', twin) INTO any_row;
    IF any_row THEN RETURN; END IF;
    EXECUTE format('INSERT INTO %s (id, n, audit_chain, audit_seq, audit_at, audit_session, audit_hash) OVERRIDING SYSTEM VALUE
        VALUES (99, 666, 9, 1, ''2020-01-01 00:00+00'', 0, %L)', twin, sha256(convert_to(line, 'UTF8')));
END $$;
CREATE FUNCTION s.checked(bigint) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN PERFORM s.work(); RETURN true; END $$;
ALTER TABLE s.a ADD CHECK (s.checked(n));
ALTER TABLE s.a ALTER n TYPE bigint;
SELECT 1 / (count(*) = 10)::int FROM s.a;
