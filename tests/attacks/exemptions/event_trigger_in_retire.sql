-- A superuser's event trigger runs while a log is retired, and would drop what guards another one, or drop the guards of
-- this one and keep the table an audit table.
-- role: postgres
-- says: done
-- verify: intact
-- may change: s.gone
CREATE TABLE s.gone (id int) USING audit_immutable;
INSERT INTO s.gone VALUES (1);
CREATE FUNCTION public.bite() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'it runs';
END $$;
CREATE EVENT TRIGGER bites ON ddl_command_start WHEN TAG IN ('DROP TRIGGER') EXECUTE FUNCTION public.bite();
CREATE EVENT TRIGGER bites_too ON sql_drop EXECUTE FUNCTION public.bite();
SELECT FROM audit_immutable.retire('s.gone', 'nobody else runs meanwhile');
SELECT 1 / (count(*) = 0)::int FROM pg_trigger WHERE tgrelid = 's.gone'::regclass;
SELECT 1 / (amname = 'heap')::int FROM pg_class JOIN pg_am ON pg_am.oid = relam WHERE pg_class.oid = 's.gone'::regclass;
DROP EVENT TRIGGER bites;
DROP EVENT TRIGGER bites_too;
DELETE FROM s.gone;
