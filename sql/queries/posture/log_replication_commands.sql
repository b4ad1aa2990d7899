-- Does it leave a line when somebody takes a copy of everything?
SELECT 'low', s.name, s.reset_val, 'base backups and replication leave no line in the server''s log',
       'ALTER SYSTEM SET log_replication_commands = on'
FROM pg_catalog.pg_settings AS s
WHERE s.name = 'log_replication_commands' AND s.reset_val = 'off'
