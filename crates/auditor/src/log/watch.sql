-- The state of the logs for whoever watches the server. $1, $2: incarnation and size of the checkpoint that a witness
-- holds; null for none.
SELECT pg_has_role('pg_monitor', 'USAGE') AS may_watch,
       extract(epoch FROM clock_timestamp() - max(s.last_checkpoint_at))::bigint AS checkpoint_age,
       coalesce(sum(s.unsigned_rows), 0)::bigint AS unsigned_rows,
       count(*) FILTER (WHERE NOT is_own) AS logs,
       count(*) FILTER (WHERE NOT s.armed) AS unguarded,
       min(s.relation::text) FILTER (WHERE NOT s.armed) AS first_unguarded,
       count(*) FILTER (WHERE s.locked) AS locked,
       count(*) FILTER (WHERE s.armed AND s.locked IS NULL) AS unreadable,
       min(s.relation::text) FILTER (WHERE s.armed AND s.locked IS NULL) AS first_unreadable,
       count(*) FILTER (WHERE s.skipped > s.last_checkpoint_at - interval '2 hours') AS skipped,
       coalesce(sum(s.last_findings), 0)::bigint AS findings,
       min(s.relation::text) FILTER (WHERE s.last_findings > 0) AS first_wrong,
       count(*) FILTER (WHERE NOT is_own AND s.last_verified_at IS NULL) AS never_verified,
       extract(epoch FROM clock_timestamp() - min(s.last_verified_at) FILTER (WHERE NOT is_own))::bigint AS verified_age,
       (
           SELECT extract(epoch FROM clock_timestamp() - t.signed_at)::bigint
           FROM audit_immutable.checkpoint_time AS t
           WHERE (t.incarnation, t.size) > ($1::integer, $2::bigint)
           ORDER BY t.incarnation, t.size
           LIMIT 1
       ) AS witness_age,
       EXISTS (
           SELECT FROM audit_immutable.checkpoint_time AS t WHERE t.incarnation = $1::integer AND t.size = $2::bigint
       ) AS holds_ours
FROM audit_immutable.status AS s
JOIN pg_catalog.pg_class AS c ON c.oid = s.relation
CROSS JOIN LATERAL (SELECT c.relnamespace = 'audit_immutable'::regnamespace AS is_own) AS o
