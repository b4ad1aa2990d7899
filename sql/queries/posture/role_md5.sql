-- Whose password is still stored as MD5? Who reads such a hash, in a dump or a file, can log in with it.
SELECT 'medium', r.rolname::text, 'md5', 'the stored hash is as good as the password; a new one has to be set',
       pg_catalog.format('ALTER ROLE %I PASSWORD NULL', r.rolname)
FROM pg_catalog.pg_authid AS r
WHERE r.rolpassword LIKE 'md5%'
