-- The ranges that do not begin where the range before them in their chain ended, or at 1, with where that one ended.
-- $1: the incarnation, $2: the tree size.
SELECT first_leaf, log, chain, first_seq, last_seq, last_before
FROM (
    SELECT first_leaf, log, chain, first_seq, last_seq,
           lag(last_seq, 1, 0::pg_catalog.int8) OVER (PARTITION BY log, chain ORDER BY first_leaf) AS last_before
    FROM audit_immutable.leaf_range
    WHERE incarnation = $1 AND first_leaf < $2
) AS r
WHERE first_seq <> last_before + 1
ORDER BY first_leaf
