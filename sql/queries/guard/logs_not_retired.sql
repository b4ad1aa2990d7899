-- The logs that were opened here and not retired, each with its table's name.
SELECT o.log::pg_catalog.text, o.line::pg_catalog.json ->> 'table'
FROM audit_immutable.opening AS o
WHERE NOT EXISTS (
    SELECT FROM audit_immutable.event AS e
    WHERE e.log = o.log AND e.kind IN ('retire', 'reopened', 'dropped')
)
ORDER BY o.audit_chain, o.audit_seq
