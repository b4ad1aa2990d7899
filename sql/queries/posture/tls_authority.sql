-- Can the certificates that clients must show be checked? Without an authority's certificate no client has one.
SELECT 'medium', s.name, s.setting, 'clients must show a certificate, and the server has none to check it with',
       'ALTER SYSTEM SET ssl_ca_file = ''root.crt'''
FROM pg_catalog.pg_settings AS s
WHERE s.name = 'ssl_ca_file' AND s.setting = ''
      AND EXISTS (
          SELECT
          FROM pg_catalog.pg_settings AS r
          WHERE r.name = 'audit_immutable.require_client_cert' AND r.setting = 'on'
      )
