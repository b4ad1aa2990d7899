-- Does each line say when, which process, from where, who, and in which database? csvlog and jsonlog always do.
SELECT 'medium', s.name, s.setting, 'lines of the server''s log lack ' || pg_catalog.string_agg(w.what, ', ' ORDER BY w.what),
       'ALTER SYSTEM SET log_line_prefix = ''%m [%p] %q%u@%d %h %a '''
FROM pg_catalog.pg_settings AS s
CROSS JOIN (
    VALUES ('the time', '%[mnts]'), ('the process', '%[pc]'), ('the address', '%[hr]'), ('the user', '%u'), ('the database', '%d')
) AS w (what, escape)
WHERE s.name = 'log_line_prefix'
      AND pg_catalog.regexp_replace(s.setting, '%-?[0-9]+', '%', 'g') !~ w.escape
      AND EXISTS (
          SELECT
          FROM pg_catalog.pg_settings AS d
          WHERE d.name = 'log_destination' AND d.setting ~ '(stderr|syslog|eventlog)'
      )
GROUP BY s.name, s.setting
