-- May others than the server's group open the socket? Whoever is on the machine may try passwords there.
SELECT 'low', s.name, s.setting, 'every user of the machine may open the server''s socket',
       'ALTER SYSTEM SET unix_socket_permissions = ''0770'''
FROM pg_catalog.pg_settings AS s
WHERE s.name = 'unix_socket_permissions' AND pg_catalog.right(s.setting, 1) <> '0'
