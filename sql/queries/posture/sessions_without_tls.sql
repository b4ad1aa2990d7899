-- Is somebody connected over a network, without TLS, who may reach audit tables so? Where TLS is required he may not.
SELECT 'high', a.usename::text, pg_catalog.host(a.client_addr),
       pg_catalog.format('%s sessions from there are not encrypted, and may reach audit tables', pg_catalog.count(*)),
       'ALTER SYSTEM SET audit_immutable.require_tls = ''remote'''
FROM pg_catalog.pg_stat_activity AS a
JOIN pg_catalog.pg_stat_ssl AS t ON t.pid = a.pid
JOIN pg_catalog.pg_stat_gssapi AS g ON g.pid = a.pid
WHERE NOT t.ssl AND NOT g.encrypted AND a.client_addr IS NOT NULL
      AND NOT a.client_addr <<= '127.0.0.0/8' AND NOT a.client_addr <<= '::1'
      AND EXISTS (
          SELECT
          FROM pg_catalog.pg_settings AS s
          WHERE s.name = 'audit_immutable.require_tls' AND s.setting = 'off'
      )
GROUP BY a.usename, a.client_addr
