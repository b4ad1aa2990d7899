-- Are connections from elsewhere let through to audit tables, and recorded only?
SELECT 'medium', s.name, s.setting, 'connections that may not reach audit tables are let through',
       'ALTER SYSTEM SET audit_immutable.untrusted = ''refuse'''
FROM pg_catalog.pg_settings AS s
WHERE s.name = 'audit_immutable.untrusted' AND s.setting = 'record'
