-- Does PostgreSQL notice a page that the disk changed, in all tables and indexes? The server is stopped for it.
SELECT 'medium', s.name, s.setting, 'pages that the disk changed are not noticed, but for rows of audit tables',
       'pg_checksums --enable'
FROM pg_catalog.pg_settings AS s
WHERE s.name = 'data_checksums' AND s.setting = 'off'
