-- Was a file of the configuration changed after it was loaded? What is looked at here is the files, what is in force is
-- what was loaded. A change within the second of the load is not seen: that is how exactly the time of a file is known.
SELECT 'medium', w.setting, w.file, 'the file was changed after the configuration was loaded: something else is in force',
       'SELECT pg_catalog.pg_reload_conf()'
FROM (
    SELECT s.name, s.setting
    FROM pg_catalog.pg_settings AS s
    WHERE s.name IN ('config_file', 'hba_file', 'ident_file')
    UNION ALL
    SELECT 'ALTER SYSTEM', s.setting || '/postgresql.auto.conf'
    FROM pg_catalog.pg_settings AS s
    WHERE s.name = 'data_directory'
) AS w (setting, file)
WHERE (pg_catalog.pg_stat_file(w.file, true)).modification > pg_catalog.pg_conf_load_time()
