-- Does each line of pg_hba.conf parse? With one that does not, a reload keeps the rules of before, and a start fails.
SELECT 'high', f.file || ' line ' || r.line_number, r.error,
       'the line cannot be read: a reload changes no rule any more, and the server cannot be started',
       f.file || ' line ' || r.line_number || ': #'
FROM pg_catalog.pg_hba_file_rules AS r
CROSS JOIN LATERAL (
    -- From PostgreSQL 16 on it says in which file.
    SELECT pg_catalog.regexp_replace(coalesce(pg_catalog.to_jsonb(r) ->> 'file_name', 'pg_hba.conf'), '^.*/', '') AS file
) AS f
WHERE r.error IS NOT NULL
