-- The same with the access method: as a heap table, rows could be taken out and the rest numbered anew.
-- role: app_owner
-- says: 42501 / 42501
-- verify: intact
CREATE TABLE s.armed (yes bool);
CREATE FUNCTION s.work() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM s.armed) THEN RETURN; END IF;
    EXECUTE 'ALTER TABLE s.a SET ACCESS METHOD heap';
END $$;
CREATE FUNCTION s.evil(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM s.work(); RETURN $1; END $$;
CREATE TABLE s.bait (id int);
INSERT INTO s.bait VALUES (1);
CREATE INDEX ON s.bait (s.evil(id));
INSERT INTO s.armed VALUES (true);
SELECT audit_immutable.protect('s.bait');
SELECT s.work();
