-- The incarnations that were begun after another one: number, what was known of the one before, and the note that says
-- so.
SELECT number, known_size, known_root, known_note
FROM audit_immutable.incarnation
WHERE number > 1 AND NOT resumed AND known_root IS NOT NULL
ORDER BY id
