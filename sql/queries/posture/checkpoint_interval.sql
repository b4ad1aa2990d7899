-- Are checkpoints made without anybody asking? What came after the last one can be cut off unseen.
SELECT 'low', s.name, s.setting, 'checkpoints are made only when somebody asks for one',
       'ALTER SYSTEM SET audit_immutable.checkpoint_interval = ''10s'''
FROM pg_catalog.pg_settings AS s
WHERE s.name = 'audit_immutable.checkpoint_interval' AND s.setting = '0' AND audit_immutable.preloaded()
