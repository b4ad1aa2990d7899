-- Are the times of the server's log in UTC? Local ones come twice in autumn, and differ between machines.
SELECT 'low', s.name, s.setting, 'times in the server''s log are local ones: an hour comes twice in autumn',
       'ALTER SYSTEM SET log_timezone = ''UTC'''
FROM pg_catalog.pg_settings AS s
WHERE s.name = 'log_timezone' AND pg_catalog.upper(s.setting) NOT IN ('UTC', 'ETC/UTC', 'GMT', 'ETC/GMT', 'UCT', 'ETC/UCT', 'ZULU', 'ETC/ZULU', 'UNIVERSAL', 'ETC/UNIVERSAL')
