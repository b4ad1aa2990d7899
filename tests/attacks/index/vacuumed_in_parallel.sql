-- VACUUM in parallel, at sizes that its caller chooses, of entries whose rows were undone, and rows in their places.
-- role: app_owner
-- says: done
-- verify: intact
CREATE INDEX second ON s.a USING audit_chain (audit_chain, audit_seq);
CREATE INDEX third ON s.a (actor);
SET min_parallel_index_scan_size = 0;
SET max_parallel_maintenance_workers = 4;
CREATE PROCEDURE s.more(what text, n int) LANGUAGE sql AS $$ INSERT INTO s.a (action, details) SELECT what, to_jsonb(repeat('x', 400)) FROM generate_series(1, n) $$;
BEGIN; CALL s.more('undone', 300); ROLLBACK;
CALL s.more('kept', 30);
VACUUM (PARALLEL 4) s.a;
BEGIN; CALL s.more('undone', 300); SAVEPOINT a; CALL s.more('undone', 300); ROLLBACK;
CALL s.more('in their place', 30);
VACUUM (PARALLEL 4, TRUNCATE off) s.a;
BEGIN; CALL s.more('undone', 300); ROLLBACK;
VACUUM (PARALLEL 4, INDEX_CLEANUP off) s.a;
CALL s.more('beside dead entries', 300);
VACUUM (PARALLEL 4, FREEZE, DISABLE_PAGE_SKIPPING) s.a;
REINDEX TABLE s.a;
CALL s.more('at last', 30);
SELECT 1 / (count(*) = 400 AND max(audit_seq) FILTER (WHERE audit_chain = 1) = 400)::int FROM s.a;
