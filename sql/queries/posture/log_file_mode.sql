-- May every user of the machine read the log's files? They hold statements, and with them what is in rows.
SELECT 'medium', s.name, s.setting, 'every user of the machine may read the server''s log',
       'ALTER SYSTEM SET log_file_mode = ''0640'''
FROM pg_catalog.pg_settings AS s
WHERE s.name = 'log_file_mode' AND pg_catalog.right(s.setting, 1) <> '0'
      AND EXISTS (SELECT FROM pg_catalog.pg_settings AS c WHERE c.name = 'logging_collector' AND c.setting = 'on')
