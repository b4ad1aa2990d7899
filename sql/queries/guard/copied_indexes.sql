-- The indexes over the chains that the running command made on tables that are not stored by an access method, and on
-- partition roots, whose leaves have their own: quoted.
-- $1: the access method of tables. $2: that of the chains' indexes.
SELECT pg_catalog.format('%I.%I', n.nspname, i.relname)
FROM pg_catalog.pg_event_trigger_ddl_commands() AS d
JOIN pg_catalog.pg_index AS x ON x.indexrelid OPERATOR(pg_catalog.=) d.objid
JOIN pg_catalog.pg_class AS i ON i.oid OPERATOR(pg_catalog.=) x.indexrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) i.relnamespace
JOIN pg_catalog.pg_class AS t ON t.oid OPERATOR(pg_catalog.=) x.indrelid
WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
  AND i.relam OPERATOR(pg_catalog.=) $2
  AND (t.relkind OPERATOR(pg_catalog.=) 'p'
       OR t.relkind OPERATOR(pg_catalog.=) 'r' AND t.relam OPERATOR(pg_catalog.<>) $1)
