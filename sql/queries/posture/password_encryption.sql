-- Are new passwords stored as MD5? Who reads such a hash can log in with it. Not what this session SET: what others get.
SELECT 'high', s.name, s.reset_val, 'a stored MD5 hash is as good as the password',
       'ALTER SYSTEM SET password_encryption = ''scram-sha-256'''
FROM pg_catalog.pg_settings AS s
WHERE s.name = 'password_encryption' AND s.reset_val = 'md5'
