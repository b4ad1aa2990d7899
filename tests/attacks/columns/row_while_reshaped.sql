-- A row comes into a table that never had one, while a command shapes it anew: the row would be of a log that is over.
-- role: app_owner
-- says: 42501
-- verify: intact
CREATE TABLE s.mine (id int, note text) USING audit_immutable;
CREATE SEQUENCE s.once;
CREATE FUNCTION s.ins() RETURNS void LANGUAGE plpgsql VOLATILE AS $$ BEGIN
    IF nextval('s.once') = 2 THEN INSERT INTO s.mine (id) VALUES (1); END IF; END $$;
CREATE FUNCTION s.f(text) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM s.ins(); RETURN true; END $$;
SELECT nextval('s.once');
ALTER TABLE s.mine DROP COLUMN note, ADD CHECK (s.f('x'));
INSERT INTO s.mine (id, note) VALUES (1, 'as it was');
