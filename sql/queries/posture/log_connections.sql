-- Does each log-in leave a line? Without it nobody can tell afterwards who came, and from where.
SELECT 'medium', s.name, s.setting, 'log-ins leave no line in the server''s log',
       'ALTER SYSTEM SET log_connections = ''on'''
FROM pg_catalog.pg_settings AS s
WHERE s.name = 'log_connections' AND s.setting IN ('off', '')
