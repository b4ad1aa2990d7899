-- May a client speak a version of TLS that is broken (RFC 8996)?
SELECT 'high', s.name, s.setting, 'TLS 1.0 and 1.1 are broken, and clients may use them',
       'ALTER SYSTEM SET ssl_min_protocol_version = ''TLSv1.2'''
FROM pg_catalog.pg_settings AS s
WHERE s.name = 'ssl_min_protocol_version' AND s.setting IN ('', 'TLSv1', 'TLSv1.1')
