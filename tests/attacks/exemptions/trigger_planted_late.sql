-- The same, once the table has its triggers: nobody creates another one there, not even while a script of the
-- extension runs.
-- role: postgres
-- says: 42501
-- verify: intact
CREATE DATABASE planted_late TEMPLATE template0;
\connect planted_late
CREATE FUNCTION public.nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE FUNCTION public.plant() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM pg_trigger WHERE tgrelid = to_regclass('audit_immutable.event')) = 3 THEN
        CREATE TRIGGER planted BEFORE INSERT ON audit_immutable.event FOR EACH ROW EXECUTE FUNCTION public.nothing();
    END IF;
END $$;
CREATE EVENT TRIGGER plant ON ddl_command_end EXECUTE FUNCTION public.plant();
CREATE EXTENSION audit_immutable;
\connect postgres
DROP DATABASE planted_late;
