-- Are rows on disk when a commit says so? Without it a crash of the machine can damage everything.
SELECT 'critical', s.name, s.setting, 'a crash of the machine can lose and damage rows',
       'ALTER SYSTEM SET fsync = on'
FROM pg_catalog.pg_settings AS s
WHERE s.name = 'fsync' AND s.setting = 'off'
