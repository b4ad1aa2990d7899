-- Does each line of pg_hba.conf parse? With one that does not, a reload keeps the rules of before, and a start fails.
-- A line for connections that the server does not take now is no error, but PostgreSQL shows nothing else of it.
SELECT w.severity, f.file || ' line ' || r.line_number, r.error, w.finding,
       coalesce(w.remedy, f.file || ' line ' || r.line_number || ': #')
FROM pg_catalog.pg_hba_file_rules AS r
CROSS JOIN LATERAL (
    -- From PostgreSQL 16 on it says in which file.
    SELECT pg_catalog.regexp_replace(coalesce(pg_catalog.to_jsonb(r) ->> 'file_name', 'pg_hba.conf'), '^.*/', '') AS file
) AS f
JOIN (
    VALUES (true, 'info', 'while TLS is off the line lets nobody in, and PostgreSQL does not show it: it was not judged',
            'ALTER SYSTEM SET ssl = on'),
           (false, 'high', 'the line cannot be read: a reload changes no rule any more, and the server cannot be started', NULL)
) AS w (is_dormant, severity, finding, remedy) ON w.is_dormant = (r.error LIKE 'hostssl record cannot match%')
WHERE r.error IS NOT NULL
