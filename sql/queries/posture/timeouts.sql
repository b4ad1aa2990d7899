-- Does anything end a session that is left alone, a transaction that is left open, a statement that does not end, or a
-- log-in that does not go on? Not what this session SET: what others get.
SELECT 'low', s.name, s.reset_val, w.finding, pg_catalog.format('ALTER SYSTEM SET %s = %L', s.name, w.better)
FROM pg_catalog.pg_settings AS s
JOIN (
    VALUES ('idle_session_timeout', '0', '8h', 'a session that is left alone stays open'),
           ('idle_in_transaction_session_timeout', '0', '1h', 'a transaction that is left open keeps its locks, and its chain of each log'),
           ('statement_timeout', '0', '12h', 'a statement may run for ever')
) AS w (name, wrong, better, finding) ON w.name = s.name AND w.wrong = s.reset_val
UNION ALL
SELECT 'low', s.name, s.setting, 'clients that have not logged in keep their connection for minutes',
       'ALTER SYSTEM SET authentication_timeout = ''1min'''
FROM pg_catalog.pg_settings AS s
WHERE s.name = 'authentication_timeout' AND s.setting::int > 60
