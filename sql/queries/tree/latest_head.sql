-- The largest tree of an incarnation. $1: incarnation.
SELECT size, root
FROM audit_immutable.tree_head
WHERE incarnation = $1
ORDER BY size DESC
LIMIT 1
