-- A superuser's event trigger runs while detach takes a leaf out, and takes another one out, or alters the leaf: the
-- exemption is for the one operation on the one table.
-- role: postgres
-- says: 42501 / 42501 / 42501
-- verify: intact
CREATE TABLE s.root (k int, v text) PARTITION BY LIST (k);
CREATE TABLE s.leaf PARTITION OF s.root FOR VALUES IN (1) USING audit_immutable;
CREATE TABLE s.other PARTITION OF s.root FOR VALUES IN (2) USING audit_immutable;
INSERT INTO s.root VALUES (1, 'a'), (2, 'b');
CREATE TABLE public.bites (it text);
CREATE FUNCTION public.bite() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
    IF pg_trigger_depth() = 0 AND current_query() LIKE '%audit_immutable.detach%' THEN
        ALTER EVENT TRIGGER bites DISABLE;
        EXECUTE (SELECT it FROM public.bites);
    END IF;
END $$;
CREATE EVENT TRIGGER bites ON ddl_command_start WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION public.bite();
INSERT INTO public.bites VALUES ('ALTER TABLE s.root DETACH PARTITION s.other');
SELECT audit_immutable.detach('s.leaf', 'with bait');
UPDATE public.bites SET it = 'DROP TRIGGER audit_immutable_guard ON s.leaf';
SELECT audit_immutable.detach('s.leaf', 'with bait');
UPDATE public.bites SET it = 'ALTER TABLE s.leaf DISABLE TRIGGER audit_immutable_guard';
SELECT audit_immutable.detach('s.leaf', 'with bait');
SELECT 1 / (count(*) = 2)::int FROM pg_inherits WHERE inhparent = 's.root'::regclass;
DROP EVENT TRIGGER bites;
