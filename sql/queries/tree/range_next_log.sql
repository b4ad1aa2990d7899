-- The next log that any incarnation knows. $1: the log before.
SELECT log
FROM audit_immutable.leaf_range
WHERE log > $1
ORDER BY log
LIMIT 1
