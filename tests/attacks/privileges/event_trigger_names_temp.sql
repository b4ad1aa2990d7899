-- An administrator's event trigger writes into a table that it names without its schema. A temporary table of that name
-- has a trigger: were one of the extension's own commands run as a superuser, its function would be too.
-- role: postgres
-- says: done
-- runs as: attacker
-- verify: intact
CREATE TABLE public.ddl_log (tag text);
GRANT INSERT ON public.ddl_log TO PUBLIC;
CREATE FUNCTION public.log_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ddl_log VALUES (tg_tag);
EXCEPTION WHEN undefined_table THEN
    INSERT INTO public.ddl_log VALUES (tg_tag);
END $$;
CREATE EVENT TRIGGER log_ddl ON ddl_command_end EXECUTE FUNCTION public.log_ddl();
\connect - attacker
CREATE FUNCTION m.sprung() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM m.note('temporary table'); RETURN NEW; END $$;
CREATE TEMPORARY TABLE ddl_log (tag text);
CREATE TRIGGER sprung BEFORE INSERT ON ddl_log FOR EACH ROW EXECUTE FUNCTION m.sprung();
CREATE TABLE m.another (n int) USING audit_immutable;
INSERT INTO m.another VALUES (1);
ALTER TABLE m.another ADD COLUMN k int;
SELECT audit_immutable.retire('m.another', 'the end') IS NULL;
