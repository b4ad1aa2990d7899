-- How many rows of log $1 the tree commits to, at the least.
SELECT pg_catalog.jsonb_build_object('rows', coalesce(sum(last), 0))::pg_catalog.text
FROM (
    SELECT max(last_seq) AS last
    FROM audit_immutable.leaf_range
    WHERE log = $1
    GROUP BY chain
) AS chains
