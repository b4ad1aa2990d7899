-- Does the archive get anything? Where archiving is on and nobody does it, the disk fills up.
SELECT 'medium', s.name, s.setting, 'archiving is on, and nothing says how: the disk fills up',
       'ALTER SYSTEM SET archive_command = ''test ! -f /var/lib/postgresql/archive/%f && cp %p /var/lib/postgresql/archive/%f'''
FROM pg_catalog.pg_settings AS s
WHERE s.name = 'archive_command' AND s.setting = ''
      AND EXISTS (SELECT FROM pg_catalog.pg_settings AS m WHERE m.name = 'archive_mode' AND m.setting <> 'off')
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_settings AS l WHERE l.name = 'archive_library' AND l.setting <> '')
