-- Is there a language beside the logs whose functions do what they like on the server? Those that came with it are not meant.
SELECT 'medium', l.lanname::text, x.extname::text, 'functions in this language act as the server''s operating system user',
       coalesce('DROP EXTENSION ' || pg_catalog.quote_ident(x.extname), 'DROP LANGUAGE ' || pg_catalog.quote_ident(l.lanname))
FROM pg_catalog.pg_language AS l
LEFT JOIN pg_catalog.pg_depend AS d
  ON d.classid = 'pg_catalog.pg_language'::pg_catalog.regclass AND d.objid = l.oid AND d.deptype = 'e'
     AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
LEFT JOIN pg_catalog.pg_extension AS x ON x.oid = d.refobjid
WHERE l.oid >= 16384 AND NOT l.lanpltrusted
