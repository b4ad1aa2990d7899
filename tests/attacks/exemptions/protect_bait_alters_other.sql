-- A function in an index of a bait table runs while protect makes a log of it. Did an exemption hold for more than the
-- bait, it could give the rows of another log other values with hashes that fit.
-- role: app_owner
-- says: 42501 / 42501
-- verify: intact
CREATE TABLE s.armed (yes bool);
CREATE FUNCTION s.newhash(bytea) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$ SELECT sha256($1) $$;
CREATE FUNCTION s.work() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM s.armed) THEN RETURN; END IF;
    EXECUTE 'ALTER TABLE s.a ALTER COLUMN actor TYPE text USING ''ceo'',
        ALTER COLUMN audit_hash TYPE bytea USING s.newhash(audit_hash)';
END $$;
CREATE FUNCTION s.evil(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM s.work(); RETURN $1; END $$;
CREATE TABLE s.bait (id int);
INSERT INTO s.bait VALUES (1);
CREATE INDEX ON s.bait (s.evil(id));
INSERT INTO s.armed VALUES (true);
SELECT audit_immutable.protect('s.bait');
SELECT s.work();
