-- What PostgreSQL itself rewrites or moves is no swap: the rows are the same, and nothing is found.
-- role: app_owner
-- says: done
-- verify: intact
VACUUM FULL s.a;
CLUSTER s.a USING a_pkey;
REINDEX TABLE s.a;
ALTER TABLE s.a SET TABLESPACE pg_default;
BEGIN;
CLUSTER s.a USING a_pkey;
INSERT INTO s.a (actor) VALUES ('in the same transaction');
CLUSTER s.a USING a_pkey;
COMMIT;
