-- A superuser without preload makes a built-in function one in SQL by hand, which then answers in the extension's own
-- queries.
-- role: postgres
-- rings: ring2
-- says: done
-- verify: guard_missing
UPDATE pg_proc SET prolang = (SELECT oid FROM pg_language WHERE lanname = 'sql'), prosrc = 'SELECT ''[]''::jsonb', provolatile = 's'
    WHERE oid = 'pg_catalog.jsonb_build_array()'::regprocedure;
