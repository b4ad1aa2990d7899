-- Can a page that a crash wrote by half be mended?
SELECT 'high', s.name, s.setting, 'a crash of the machine can damage rows',
       'ALTER SYSTEM SET full_page_writes = on'
FROM pg_catalog.pg_settings AS s
WHERE s.name = 'full_page_writes' AND s.setting = 'off'
