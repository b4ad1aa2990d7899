-- Are errors in the server's log? Refused attempts are errors, and wrong passwords are fatal ones.
SELECT 'medium', s.name, s.reset_val, 'refused attempts leave no line in the server''s log',
       'ALTER SYSTEM SET log_min_messages = warning'
FROM pg_catalog.pg_settings AS s
WHERE s.name = 'log_min_messages' AND s.reset_val IN ('log', 'fatal', 'panic')
