-- Which role may take every connection that the server has? Superusers are not limited; a database's limit will do.
SELECT 'low', r.rolname::text, NULL, 'may take all of the server''s connections',
       pg_catalog.format('ALTER ROLE %I CONNECTION LIMIT %s', r.rolname, pg_catalog.current_setting('max_connections')::int / 2)
FROM pg_catalog.pg_roles AS r
WHERE r.rolcanlogin AND NOT r.rolsuper AND r.rolconnlimit = -1
      AND NOT EXISTS (
          SELECT
          FROM pg_catalog.pg_database AS d
          WHERE d.datname = pg_catalog.current_database() AND d.datconnlimit <> -1
      )
