-- Is there a line of the configuration that the server could not take? The value of before is in force.
SELECT 'medium', f.name, f.setting, f.error || ', in ' || f.sourcefile || ', line ' || f.sourceline,
       CASE
           WHEN f.sourcefile LIKE '%/postgresql.auto.conf' THEN pg_catalog.format('ALTER SYSTEM RESET %s', f.name)
           ELSE pg_catalog.regexp_replace(f.sourcefile, '^.*/', '') || ' line ' || f.sourceline || ': #'
       END
FROM pg_catalog.pg_file_settings AS f
WHERE f.error IS NOT NULL
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_settings AS s WHERE s.name = f.name AND s.pending_restart)
