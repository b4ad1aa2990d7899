-- Is a setting changed that takes a restart? Until then the old value is in force, and all else here is about that.
SELECT 'low', s.name, s.setting, 'another value is in the configuration, and waits for a restart', 'pg_ctl restart'
FROM pg_catalog.pg_settings AS s
WHERE s.pending_restart
