-- An event trigger that runs while CREATE EXTENSION does, when the extension's own objects may be altered, plants a
-- trigger on one of its tables: it keeps events out from then on.
-- role: postgres
-- says: done
-- verify: intact
CREATE DATABASE planted TEMPLATE template0;
\connect planted
CREATE FUNCTION public.nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE FUNCTION public.plant() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_regclass('audit_immutable.event') IS NOT NULL
        AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'planted') THEN
        CREATE TRIGGER planted BEFORE INSERT ON audit_immutable.event FOR EACH ROW EXECUTE FUNCTION public.nothing();
    END IF;
END $$;
CREATE EVENT TRIGGER plant ON ddl_command_end EXECUTE FUNCTION public.plant();
CREATE EXTENSION audit_immutable;
DROP EVENT TRIGGER plant;
CREATE TABLE public.t (n int) USING audit_immutable;
SELECT 1 / count(*) FROM audit_immutable.findings('public.t') WHERE detail LIKE 'There is a trigger planted on table%';
\connect postgres
DROP DATABASE planted;
