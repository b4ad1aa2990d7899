-- The next chain of a log that any incarnation knows. $1: log, $2: the chain before.
SELECT chain
FROM audit_immutable.leaf_range
WHERE log = $1 AND chain > $2
ORDER BY log, chain
LIMIT 1
