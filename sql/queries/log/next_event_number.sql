-- The number of a log's next event. $1: the log. A command that alters a table keeps others from altering it
-- until it commits, so nobody else counts meanwhile.
SELECT coalesce(max(number), 0) + 1
FROM audit_immutable.event
WHERE log = $1
