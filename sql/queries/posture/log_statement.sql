-- Do changes of the schema leave a line, also those that no event trigger sees (roles, databases)?
SELECT 'low', s.name, s.reset_val, 'commands that create and alter roles and databases leave no line in the server''s log',
       'ALTER SYSTEM SET log_statement = ddl'
FROM pg_catalog.pg_settings AS s
WHERE s.name = 'log_statement' AND s.reset_val = 'none'
