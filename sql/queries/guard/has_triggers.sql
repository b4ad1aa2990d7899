-- Whether a table has triggers of the users', or the events of its log say that it had some. $1: the table, $2: the log.
SELECT EXISTS (
    SELECT
    FROM pg_catalog.pg_trigger AS t
    WHERE t.tgrelid = $1 AND NOT t.tgisinternal
      AND t.tgname NOT IN ('audit_immutable_guard', 'audit_immutable_guard_row')
) OR EXISTS (
    SELECT
    FROM audit_immutable.event AS e
    WHERE e.log = $2
      AND (e.detail -> 'triggers' <> '{}' OR e.detail -> 'functions' <> '{}')
)
