INSERT INTO audit_immutable.event (log, number, kind, relation, role, reason, detail)
VALUES ($1, $2, $3, $4, $5, $6, $7::pg_catalog.jsonb)
