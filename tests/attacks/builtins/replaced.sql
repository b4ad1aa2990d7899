-- A built-in function that an event trigger asks is replaced, and answers another table: an ALTER TABLE then rewrites
-- the rows.
-- role: postgres
-- says: 42501 / 42501
-- verify: intact
CREATE OR REPLACE FUNCTION pg_catalog.pg_event_trigger_table_rewrite_oid(OUT oid pg_catalog.oid) RETURNS pg_catalog.oid
    LANGUAGE sql STABLE AS $$ SELECT 's.plain'::regclass::oid $$;
ALTER TABLE s.a ADD COLUMN z text DEFAULT clock_timestamp()::text;
