-- Whether the aggregate behind verify calls the functions it was made with.
SELECT count(*) = 1
FROM pg_catalog.pg_aggregate AS a
JOIN pg_catalog.pg_proc AS p ON p.oid = a.aggfnoid
JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname = 'audit_immutable' AND p.proname = 'check_rows' AND a.aggkind = 'n'
  AND a.aggtranstype = 'pg_catalog.internal'::pg_catalog.regtype
  AND (
      SELECT pg_catalog.array_agg(f.proname::pg_catalog.text ORDER BY u.place)
      FROM pg_catalog.unnest(
          ARRAY[a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn, a.aggdeserialfn]
      ) WITH ORDINALITY AS u (oid, place)
      JOIN pg_catalog.pg_proc AS f ON f.oid = u.oid
      WHERE f.pronamespace = n.oid
  ) = ARRAY['check_row', 'check_serialize', 'check_combine', 'check_serialize', 'check_deserialize']
