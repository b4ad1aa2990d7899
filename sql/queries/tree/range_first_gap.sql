-- Where a range does not begin where the one before it ended, or the last one ends too early.
-- $1: incarnation, $2: the first leaf that is a row, $3: the tree's size.
SELECT min(expected)
FROM (
    SELECT first_leaf, lag(past, 1, $2) OVER (ORDER BY first_leaf) AS expected
    FROM (
        SELECT first_leaf, first_leaf + last_seq - first_seq + 1 AS past
        FROM audit_immutable.leaf_range
        WHERE incarnation = $1 AND first_leaf < $3
        UNION ALL
        SELECT $3, $3
    ) AS r
) AS s
WHERE expected < first_leaf
