-- Whose password never ends? VALID UNTIL 'infinity' says that it is meant so.
SELECT 'low', r.rolname::text, NULL, 'the password has no end; VALID UNTIL ''infinity'' says that none is meant',
       pg_catalog.format('ALTER ROLE %I VALID UNTIL %L', r.rolname, pg_catalog.to_char(now() + interval '90 days', 'YYYY-MM-DD'))
FROM pg_catalog.pg_authid AS r
WHERE r.rolcanlogin AND r.rolpassword IS NOT NULL AND r.rolvaliduntil IS NULL
