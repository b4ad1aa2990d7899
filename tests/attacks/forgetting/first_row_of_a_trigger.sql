-- A table is dropped, renamed and reshaped by the very statement, or the transaction, that writes its first row: from a
-- trigger, a default, a cursor.
-- role: app_owner
-- says: 55006 / 55006 / 42501 / 55006
-- verify: intact
CREATE TABLE s.new (id int, v text) USING audit_immutable;
CREATE FUNCTION s.drops() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN EXECUTE TG_ARGV[0]; RETURN NEW; END $$;
CREATE TRIGGER before_it BEFORE INSERT ON s.new FOR EACH ROW EXECUTE FUNCTION s.drops('DROP TABLE s.new');
INSERT INTO s.new VALUES (1, 'one');
DROP TRIGGER before_it ON s.new;
CREATE TRIGGER before_it BEFORE INSERT ON s.new FOR EACH ROW EXECUTE FUNCTION s.drops('ALTER TABLE s.new RENAME TO newer');
INSERT INTO s.new VALUES (1, 'one');
DROP TRIGGER before_it ON s.new;
BEGIN;
INSERT INTO s.new VALUES (1, 'one');
DROP TABLE s.new;
ROLLBACK;
CREATE TABLE s.newer (id int, v text) USING audit_immutable;
BEGIN;
DECLARE c CURSOR FOR SELECT * FROM s.newer;
FETCH c;
DROP TABLE s.newer;
ROLLBACK;
