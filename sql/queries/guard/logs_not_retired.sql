-- The logs that were opened here and not retired, each with its table's name. That one has no table may have been
-- acknowledged; a table that came after that is missed like any other.
SELECT o.log::pg_catalog.text, o.line::pg_catalog.json ->> 'table'
FROM audit_immutable.opening AS o
WHERE NOT EXISTS (
    SELECT FROM audit_immutable.event AS e
    WHERE e.log = o.log AND (
        e.kind IN ('retire', 'reopened', 'dropped')
        OR e.kind = 'table_missing'
           AND NOT EXISTS (SELECT FROM audit_immutable.event AS f WHERE f.log = o.log AND f.number > e.number)
           AND NOT EXISTS (
               SELECT FROM audit_immutable.event AS r
               WHERE r.log IS NULL AND r.kind = 'restored' AND r.audit_at > e.audit_at
                     AND (r.detail -> 'logs' -> o.log::pg_catalog.text) IS NOT NULL
           )
    )
)
ORDER BY o.audit_chain, o.audit_seq
