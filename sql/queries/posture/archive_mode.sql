-- Are rows kept on another machine, by archived write-ahead log, so that a lost disk loses minutes alone?
SELECT 'low', s.name, s.setting, 'the write-ahead log is not archived: a lost disk loses what came since the last backup',
       'ALTER SYSTEM SET archive_mode = on'
FROM pg_catalog.pg_settings AS s
WHERE s.name = 'archive_mode' AND s.setting = 'off'
