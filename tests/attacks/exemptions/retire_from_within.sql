-- A trigger of the owner's retires the log while a statement writes it, and makes a log of it again: rows of the statement
-- would come in between the two.
-- role: app_owner
-- says: 55006
-- verify: intact
CREATE FUNCTION s.turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM audit_immutable.retire('s.a', 'for a moment');
    RETURN NEW;
END $$;
CREATE TRIGGER turn BEFORE INSERT ON s.a FOR EACH ROW EXECUTE FUNCTION s.turn();
INSERT INTO s.a (actor) VALUES ('ceo');
DROP TRIGGER turn ON s.a;
