-- Where a partition stands: the name and the oid of each table above it, the nearest first, and the values it is for, as
-- far as they are not long. NULL for what is no partition. $1: the table.
WITH RECURSIVE above AS (
    SELECT i.inhparent AS oid, 1 AS place
    FROM pg_catalog.pg_inherits AS i
    WHERE i.inhrelid = $1
    UNION ALL
    SELECT i.inhparent, above.place + 1
    FROM above
    JOIN pg_catalog.pg_inherits AS i ON i.inhrelid = above.oid
    WHERE above.place < 100
)
SELECT
    (
        SELECT pg_catalog.jsonb_agg(
            pg_catalog.jsonb_build_array(pg_catalog.format('%I.%I', n.nspname, c.relname), c.oid::pg_catalog.int8)
            ORDER BY above.place
        )::pg_catalog.text
        FROM above
        JOIN pg_catalog.pg_class AS c ON c.oid = above.oid AND c.relkind = 'p'
        JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    ),
    pg_catalog.to_jsonb(pg_catalog.left(pg_catalog.pg_get_expr(c.relpartbound, c.oid), 1000))::pg_catalog.text
FROM pg_catalog.pg_class AS c
WHERE c.oid = $1
