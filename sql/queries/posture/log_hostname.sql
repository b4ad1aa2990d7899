-- Does each log-in wait for the name service? The address is what can be relied on.
SELECT 'low', s.name, s.setting, 'each log-in waits for the name service, whose answer proves nothing',
       'ALTER SYSTEM SET log_hostname = off'
FROM pg_catalog.pg_settings AS s
WHERE s.name = 'log_hostname' AND s.setting = 'on'
