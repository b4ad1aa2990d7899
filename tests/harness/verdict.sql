-- What verify says of everything, one finding a line: kind, relation, detail.
SET search_path = pg_catalog, pg_temp;
WITH wrong AS (SELECT relation, first_finding FROM audit_immutable.verify() WHERE NOT intact)
SELECT f.kind, wrong.relation, translate(f.detail, E'\n|', '  ')
FROM wrong, audit_immutable.findings(wrong.relation) AS f
WHERE wrong.relation IS NOT NULL
UNION
SELECT split_part(first_finding, ':', 1), NULL, first_finding
FROM wrong
WHERE wrong.relation IS NULL
ORDER BY 1, 2, 3;
