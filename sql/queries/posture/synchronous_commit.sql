-- Is a row that was committed on disk? Not what this session SET: what others get.
SELECT 'medium', s.name, s.reset_val, 'a crash can lose rows that were committed',
       'ALTER SYSTEM SET synchronous_commit = on'
FROM pg_catalog.pg_settings AS s
WHERE s.name = 'synchronous_commit' AND s.reset_val = 'off'
