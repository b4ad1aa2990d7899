-- As forgotten_by_a_savepoint, by a nested command: its end records what the outer command has altered so far, in a
-- subtransaction that is then rolled back. A fix that forgets by nesting level alone does not see this one.
-- role: app_owner
-- says: done
-- verify: intact
CREATE FUNCTION s.keeps_out() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER t BEFORE INSERT ON s.a FOR EACH ROW EXECUTE FUNCTION s.keeps_out();
ALTER TABLE s.a DISABLE TRIGGER t;
CREATE FUNCTION s.f(int) RETURNS bool LANGUAGE plpgsql AS $$
BEGIN
    BEGIN
        CREATE TABLE s.nested ();
        PERFORM 1 / 0;
    EXCEPTION WHEN division_by_zero THEN NULL;
    END;
    RETURN true;
END $$;
ALTER TABLE s.a ENABLE TRIGGER t, ADD CONSTRAINT k CHECK (s.f(n));
INSERT INTO s.a (actor) VALUES ('kept out without a trace');
ALTER TABLE s.a DROP CONSTRAINT k;
ALTER TABLE s.a DISABLE TRIGGER t, ADD CONSTRAINT k CHECK (s.f(n));
ALTER TABLE s.a DROP CONSTRAINT k;
\connect - postgres
-- On record shall be: created, disabled, enabled, disabled.
SELECT 1 / (count(*) = 4)::int FROM audit_immutable.event WHERE kind = 'trigger_changed' AND relation = 's.a';
\connect - app_owner
