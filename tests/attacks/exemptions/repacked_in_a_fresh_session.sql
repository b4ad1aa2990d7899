-- No attack: what an owner may do with the storage goes on working as the first statement of a session, before anything
-- has loaded the library.
-- role: app_owner
-- says: done
-- verify: intact
VACUUM FULL s.a;
\connect - app_owner
CLUSTER s.a USING a_pkey;
\connect - app_owner
DO $$ BEGIN EXECUTE 'CLUSTER s.a'; END $$;
\connect - app_owner
ALTER TABLE s.a SET TABLESPACE pg_default;
\connect - app_owner
REINDEX TABLE s.a;
\connect - app_owner
ALTER TABLE s.a SET LOGGED;
