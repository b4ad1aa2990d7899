-- A superuser points a log with rows at empty files, by hand, and drops it as one that never had a row: nothing would say
-- that a log is missing.
-- role: postgres
-- rings: ring2
-- says: 42501 / 42501 / 42501
-- verify: intact
CREATE TABLE public.e (LIKE s.a) USING audit_immutable;
CREATE TABLE public.files AS SELECT oid, relname, relfilenode FROM pg_class
    WHERE oid IN ('s.a'::regclass, 's.a_audit_chain_audit_seq_idx'::regclass, 'public.e'::regclass, 'public.e_audit_chain_audit_seq_idx'::regclass);
\connect - postgres
UPDATE pg_class SET relfilenode = f.relfilenode FROM public.files AS f
    WHERE pg_class.oid IN (SELECT oid FROM public.files WHERE relname LIKE 'a%') AND f.relname = overlay(pg_class.relname::text PLACING 'e' FROM 1 FOR 1);
\connect - postgres
SELECT 1 / (count(*) = 0)::int FROM s.a;
DROP TABLE s.a CASCADE;
ALTER TABLE s.a RENAME TO b;
ALTER TABLE s.a DROP COLUMN details;
\connect - postgres
UPDATE pg_class SET relfilenode = f.relfilenode FROM public.files AS f WHERE f.oid = pg_class.oid;
\connect - postgres
DROP TABLE public.e;
