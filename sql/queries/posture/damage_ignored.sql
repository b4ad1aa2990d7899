-- Is a setting on that is for rescuing what is left of a damaged server, and hides or makes damage else?
SELECT 'high', s.name, s.setting, 'it is for mending a damaged server, and hides or makes damage',
       pg_catalog.format('ALTER SYSTEM SET %s = off', s.name)
FROM pg_catalog.pg_settings AS s
WHERE s.name IN ('zero_damaged_pages', 'ignore_checksum_failure', 'ignore_system_indexes', 'ignore_invalid_pages', 'allow_system_table_mods')
      AND s.reset_val = 'on'
