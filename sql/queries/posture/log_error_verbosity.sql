-- Do lines have the DETAIL, which says over which connection somebody was refused?
SELECT 'low', s.name, s.reset_val, 'lines of the server''s log lack the DETAIL of errors',
       'ALTER SYSTEM SET log_error_verbosity = ''default'''
FROM pg_catalog.pg_settings AS s
WHERE s.name = 'log_error_verbosity' AND s.reset_val = 'terse'
