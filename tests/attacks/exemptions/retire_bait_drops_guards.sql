-- While one log is retired, a function in an index of it drops the guards of another, or of an own table.
-- role: app_owner
-- says: 42501 / 42501
-- verify: intact
CREATE TABLE s.bait (id int) USING audit_immutable;
INSERT INTO s.bait VALUES (1);
CREATE FUNCTION s.work() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'DROP TRIGGER audit_immutable_guard ON s.a';
END $$;
CREATE FUNCTION s.evil(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM s.work(); RETURN $1; END $$;
CREATE TABLE s.empty (id int) USING audit_immutable;
CREATE UNIQUE INDEX evil ON s.empty (audit_chain, audit_seq) WHERE s.evil(1) > 0;
SELECT audit_immutable.retire('s.empty', 'bait');
SELECT s.work();
