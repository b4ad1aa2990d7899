-- Is a connection left for the administrator when the others are taken?
SELECT 'low', s.name, s.setting, 'when all connections are taken, no administrator gets in',
       'ALTER SYSTEM SET superuser_reserved_connections = 3'
FROM pg_catalog.pg_settings AS s
WHERE s.name = 'superuser_reserved_connections' AND s.setting = '0'
