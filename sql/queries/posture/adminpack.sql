-- Is there adminpack, whose functions write files of the server, and which nothing needs any more?
SELECT 'low', x.extname::text, x.extversion, 'its functions write files of the server', 'DROP EXTENSION adminpack'
FROM pg_catalog.pg_extension AS x
WHERE x.extname = 'adminpack'
