-- Does the server's log go anywhere?
SELECT 'high', s.name, s.setting, 'the server writes no log',
       'ALTER SYSTEM SET log_destination = ''stderr'''
FROM pg_catalog.pg_settings AS s
WHERE s.name = 'log_destination' AND s.setting = ''
