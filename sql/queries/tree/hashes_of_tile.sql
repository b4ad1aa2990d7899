-- Each stored run that meets a tile, cut to it. $1: incarnation, $2: level, $3: index of the tile's first hash.
SELECT
    greatest(first, $3),
    pg_catalog.substr(
        hashes,
        (greatest($3 - first, 0) * 32 + 1)::pg_catalog.int4,
        (($3 + 256 - greatest(first, $3)) * 32)::pg_catalog.int4
    )
FROM audit_immutable.tree_hashes
WHERE incarnation = $1 AND level = $2 AND first < $3 + 256
  AND first >= coalesce((
      SELECT max(f.first)
      FROM audit_immutable.tree_hashes AS f
      WHERE f.incarnation = $1 AND f.level = $2 AND f.first <= $3
  ), 0)
ORDER BY first
