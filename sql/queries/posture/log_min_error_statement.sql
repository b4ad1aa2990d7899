-- Does an error's line bring the statement along?
SELECT 'low', s.name, s.reset_val, 'a refused attempt''s statement is not in the server''s log',
       'ALTER SYSTEM SET log_min_error_statement = error'
FROM pg_catalog.pg_settings AS s
WHERE s.name = 'log_min_error_statement' AND s.reset_val IN ('log', 'fatal', 'panic')
