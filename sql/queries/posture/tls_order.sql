-- Who chooses the cipher? The client's first choice may be the worst of what it knows.
SELECT 'low', s.name, s.setting, 'the client chooses the cipher',
       'ALTER SYSTEM SET ssl_prefer_server_ciphers = on'
FROM pg_catalog.pg_settings AS s
WHERE s.name = 'ssl_prefer_server_ciphers' AND s.setting = 'off'
