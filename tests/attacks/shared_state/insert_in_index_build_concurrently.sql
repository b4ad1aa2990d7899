-- While an index of a log is built its storage looks like the heap's. An index expression that inserts meanwhile stores
-- a forged, backdated row.
-- role: app_owner
-- says: 428C9
-- verify: intact
CREATE TABLE s.once (done bool);
CREATE FUNCTION s.forge() RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    prev text; line text;
BEGIN
    IF EXISTS (SELECT FROM s.once) THEN RETURN 1; END IF;
    INSERT INTO s.once VALUES (true);
    prev := encode(sha256(convert_to(audit_immutable.opening_line('s.a'), 'UTF8')), 'hex');
    line := '{"chain":77,"seq":1,"prev":"' || prev || '","at":"2020-01-01T00:00:00+00:00","session":1,"row":'
        || '{"id":9999,"at":"2020-01-01T00:00:00+00:00","actor":"ceo","action":"approved","n":42}}';
    INSERT INTO s.a (id, at, actor, action, n, audit_chain, audit_seq, audit_at, audit_session, audit_hash)
        OVERRIDING SYSTEM VALUE
        VALUES (9999, '2020-01-01 00:00:00+00', 'ceo', 'approved', 42, 77, 1, '2020-01-01 00:00:00+00', 1,
            sha256(convert_to(line, 'UTF8')));
    RETURN 1;
END $$;
CREATE FUNCTION s.evil(bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM s.forge(); RETURN $1; END $$;
CREATE INDEX CONCURRENTLY evil_idx ON s.a (s.evil(id));
