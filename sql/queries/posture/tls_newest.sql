-- Is TLS kept from the versions that are not broken?
SELECT 'high', s.name, s.setting, 'clients cannot use TLS 1.2 or 1.3',
       'ALTER SYSTEM SET ssl_max_protocol_version = ''TLSv1.3'''
FROM pg_catalog.pg_settings AS s
WHERE s.name = 'ssl_max_protocol_version' AND s.setting IN ('TLSv1', 'TLSv1.1')
