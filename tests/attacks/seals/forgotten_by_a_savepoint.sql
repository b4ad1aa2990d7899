-- A function of the owner's that runs inside ALTER TABLE and has an EXCEPTION block that catches something makes the
-- extension forget what the command altered: no event, so that a trigger can be switched on and off without a trace.
-- role: app_owner
-- says: done
-- verify: intact
CREATE FUNCTION s.keeps_out() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER t BEFORE INSERT ON s.a FOR EACH ROW EXECUTE FUNCTION s.keeps_out();
ALTER TABLE s.a DISABLE TRIGGER t;
CREATE FUNCTION s.f(int) RETURNS bool LANGUAGE plpgsql AS $$
BEGIN
    BEGIN PERFORM 1 / 0; EXCEPTION WHEN division_by_zero THEN NULL; END;
    RETURN true;
END $$;
ALTER TABLE s.a ENABLE TRIGGER t, ADD CONSTRAINT k CHECK (s.f(n));
INSERT INTO s.a (actor) VALUES ('kept out without a trace');
ALTER TABLE s.a DROP CONSTRAINT k;
ALTER TABLE s.a DISABLE TRIGGER t, ADD CONSTRAINT k CHECK (s.f(n));
ALTER TABLE s.a DROP CONSTRAINT k;
\connect - postgres
-- On record shall be: created, disabled, enabled, disabled.
SELECT kind, detail -> 'triggers' FROM audit_immutable.event WHERE relation = 's.a' ORDER BY number;
SELECT 1 / (count(*) = 4)::int FROM audit_immutable.event WHERE kind = 'trigger_changed' AND relation = 's.a';
\connect - app_owner
