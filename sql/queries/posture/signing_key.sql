-- Can checkpoints be signed? Without them nobody can tell that the newest rows were cut off.
SELECT 'medium', s.name, s.setting, w.finding, w.remedy
FROM pg_catalog.pg_settings AS s
JOIN (
    SELECT 'audit_immutable.signing_key_file', 'no key signs checkpoints; audit-immutable keygen makes one',
           'ALTER SYSTEM SET audit_immutable.signing_key_file = ''/etc/postgresql/audit.pem'''
    UNION ALL
    SELECT 'audit_immutable.origin', 'checkpoints have no name to be known by, and cannot be signed',
           pg_catalog.format('ALTER SYSTEM SET audit_immutable.origin = %L', 'postgresql/' || c.system_identifier)
    FROM pg_catalog.pg_control_system() AS c
) AS w (name, finding, remedy) ON w.name = s.name
WHERE coalesce(pg_catalog.btrim(s.setting), '') = ''
