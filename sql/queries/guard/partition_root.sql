-- The root of the partition tree a table is in, if it is in one. $1: the table.
SELECT pg_catalog.pg_partition_root($1::pg_catalog.regclass)::pg_catalog.oid
