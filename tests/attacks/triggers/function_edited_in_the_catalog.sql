-- A superuser changes what a trigger of a log does, in the catalog, where no event is made of it.
-- role: postgres
-- says ring2: done
-- verify ring2: schema_changed
-- says ring3: 42501
-- verify ring3: intact
CREATE FUNCTION s.harmless() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER harmless BEFORE INSERT ON s.a FOR EACH ROW EXECUTE FUNCTION s.harmless();
\connect - postgres
UPDATE pg_catalog.pg_proc SET prosrc = ' BEGIN RETURN NULL; END ' WHERE oid = 's.harmless'::regproc;
