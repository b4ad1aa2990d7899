-- A superuser's event trigger drops something itself before a DROP begins: what the outer one drops is forgotten, and an
-- index or a guard of a log goes as if the whole table did, or a table that may go does not.
-- role: postgres
-- says: 42501 / 42501
-- verify: intact
CREATE TABLE s.new (id int, v text) USING audit_immutable;
CREATE TABLE public.junk (id int);
CREATE INDEX junk_index ON public.junk (id);
CREATE TABLE public.bites (it text);
CREATE FUNCTION public.bite() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE bite text;
BEGIN
    DELETE FROM public.bites RETURNING it INTO bite;
    IF bite IS NOT NULL THEN EXECUTE bite; END IF;
END $$;
CREATE EVENT TRIGGER z_bites ON ddl_command_start WHEN TAG IN ('DROP TABLE', 'DROP TRIGGER', 'DROP INDEX') EXECUTE FUNCTION public.bite();
TRUNCATE public.bites;
INSERT INTO public.bites VALUES ('DROP TABLE public.junk');
DROP TRIGGER audit_immutable_guard ON s.new;
TRUNCATE public.bites;
INSERT INTO public.bites VALUES ('DROP TABLE public.junk');
DROP INDEX s.new_audit_chain_audit_seq_idx;
TRUNCATE public.bites;
INSERT INTO public.bites VALUES ('DROP INDEX public.junk_index');
DROP TABLE s.new;
SELECT 1 / (count(*) = 1)::int FROM audit_immutable.event WHERE kind = 'dropped' AND relation = 's.new';
DROP EVENT TRIGGER z_bites;
