-- Is there TLS where the server listens on more than loopback? Without it passwords' proofs and rows go as they are.
SELECT 'high', s.name, s.setting, 'the server listens on a network, and no connection to it can be encrypted',
       'ALTER SYSTEM SET ssl = on'
FROM pg_catalog.pg_settings AS s
WHERE s.name = 'ssl' AND s.setting = 'off'
      AND EXISTS (
          SELECT
          FROM pg_catalog.pg_settings AS l
          CROSS JOIN LATERAL pg_catalog.string_to_table(l.setting, ',') AS entry
          WHERE l.name = 'listen_addresses'
                AND pg_catalog.btrim(entry) NOT IN ('', 'localhost', '127.0.0.1', '::1')
      )
