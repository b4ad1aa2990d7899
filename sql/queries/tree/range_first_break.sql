-- The first leaf of a range that does not begin where the range before it in its chain ended, or at 1.
-- $1: the incarnation, $2: the tree size.
SELECT min(first_leaf)
FROM (
    SELECT first_leaf, first_seq,
           lag(last_seq, 1, 0::pg_catalog.int8) OVER (PARTITION BY log, chain ORDER BY first_leaf) AS last_before
    FROM audit_immutable.leaf_range
    WHERE incarnation = $1 AND first_leaf < $2
) AS r
WHERE first_seq <> last_before + 1
