-- Does the end of a session leave a line? With the one of the log-in it tells how long somebody was there.
SELECT 'low', s.name, s.setting, 'ends of sessions leave no line in the server''s log',
       'ALTER SYSTEM SET log_disconnections = on'
FROM pg_catalog.pg_settings AS s
WHERE s.name = 'log_disconnections' AND s.setting = 'off'
