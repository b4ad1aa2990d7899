-- Did somebody write since the last checkpoint, and it was due? By what is on record of sessions: a session that wrote
-- longer ago than ten intervals, or a day where checkpoints are made by hand.
SELECT 'medium', 'audit_immutable.checkpoint_time', l.signed_at::text,
       'rows were written since the last checkpoint, and the next one is overdue', 'SELECT audit_immutable.checkpoint()'
FROM (
    SELECT CASE WHEN audit_immutable.preloaded() AND s.setting::int > 0 THEN s.setting::int * interval '10 s' ELSE interval '1 day' END
    FROM pg_catalog.pg_settings AS s
    WHERE s.name = 'audit_immutable.checkpoint_interval'
) AS due (after)
LEFT JOIN LATERAL (
    SELECT c.signed_at
    FROM audit_immutable.checkpoint_time AS c
    ORDER BY c.incarnation DESC, c.size DESC
    LIMIT 1
) AS l ON true
WHERE EXISTS (
          SELECT
          FROM audit_immutable.session AS w
          WHERE w.audit_at > coalesce(l.signed_at, '-infinity') AND w.audit_at < now() - due.after
      )
      AND EXISTS (
          SELECT
          FROM pg_catalog.pg_settings AS k
          WHERE k.name = 'audit_immutable.signing_key_file' AND k.setting <> ''
      )
