-- Is the library there before any session is? Without it superusers get round the guards, and no attempt is recorded.
SELECT 'medium', s.name, s.setting, 'without preload a superuser can get round the guards, and refused attempts are in the server''s log alone',
       'ALTER SYSTEM SET shared_preload_libraries = ' || (
           SELECT pg_catalog.string_agg(pg_catalog.quote_literal(pg_catalog.btrim(library, ' "')), ', ' ORDER BY at)
           FROM pg_catalog.string_to_table(pg_catalog.concat_ws(',', nullif(s.setting, ''), 'audit_immutable'), ',')
                WITH ORDINALITY AS l (library, at)
       )
FROM pg_catalog.pg_settings AS s
WHERE s.name = 'shared_preload_libraries' AND NOT audit_immutable.preloaded()
