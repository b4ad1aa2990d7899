-- Is there enough in the write-ahead log to restore from, and for a standby?
SELECT 'medium', s.name, s.setting, 'neither a standby nor a restore to a point in time is possible',
       'ALTER SYSTEM SET wal_level = replica'
FROM pg_catalog.pg_settings AS s
WHERE s.name = 'wal_level' AND s.setting = 'minimal'
