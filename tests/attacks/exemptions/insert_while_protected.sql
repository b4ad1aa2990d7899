-- While protect() rebuilds the indexes of a table, its rows are stamped and its guards not there yet. An index expression
-- that appends a row of its own with stamps of its own has it adopted: backdated, and with a session of somebody else's.
-- role: attacker
-- says: 0A000 -- nothing is inserted into a table whose indexes are being rebuilt
-- verify: intact
CREATE TABLE m.bait (n int);
INSERT INTO m.bait VALUES (1), (2);
CREATE TABLE m.armed (yes bool);
CREATE FUNCTION m.forge() RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    line text;
BEGIN
    IF NOT EXISTS (SELECT FROM m.armed) OR NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'm.bait'::regclass
        AND attname = 'audit_hash') THEN RETURN 1; END IF;
    IF EXISTS (SELECT FROM m.bait WHERE n = 666) OR NOT EXISTS (SELECT FROM m.bait WHERE audit_seq = 2) THEN RETURN 1; END IF;
    SELECT '{"chain":1,"seq":3,"prev":"' || encode(audit_hash, 'hex')
        || '","at":"2020-01-01T00:00:00+00:00","session":1,"row":{"n":666}}' INTO line FROM m.bait WHERE audit_seq = 2;
    INSERT INTO m.bait VALUES (666, 1, 3, '2020-01-01 00:00:00+00', 1, sha256(convert_to(line, 'UTF8')));
    RETURN 1;
END $$;
CREATE FUNCTION m.evil(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM m.forge(); RETURN $1; END $$;
CREATE INDEX ON m.bait (m.evil(n));
INSERT INTO m.armed VALUES (true);
SELECT audit_immutable.protect('m.bait') IS NULL;
