-- Whatever asks an index what it can, or does something with it that others can: the library must not fall over what it
-- has not.
-- role: app_owner
-- says: 42809 / 42809 / 0A000 / 0A000 / 42809 / 0A000 / 42809 / 0A000 / 0A000 / 0A000 / 42804 / 22023 / 0A000 / 22023 / 42P10
-- verify: intact
SELECT bool_or(pg_index_has_property('s.a_audit_chain_audit_seq_idx', p)) FROM unnest(ARRAY['clusterable', 'index_scan', 'bitmap_scan', 'backward_scan', 'none']) AS p;
SELECT c, p, pg_index_column_has_property('s.a_audit_chain_audit_seq_idx', c, p) FROM generate_series(0, 3) AS c,
    unnest(ARRAY['asc', 'desc', 'nulls_first', 'nulls_last', 'orderable', 'distance_orderable', 'returnable', 'search_array', 'search_nulls', 'none']) AS p;
SELECT p, pg_indexam_has_property(am.oid, p) FROM pg_am AS am, unnest(ARRAY['can_order', 'can_unique', 'can_multi_col', 'can_exclude', 'can_include', 'none']) AS p
WHERE amname = 'audit_chain';
SELECT pg_indexam_progress_phasename(am.oid, n) FROM pg_am AS am, generate_series(-1, 7) AS n WHERE amname = 'audit_chain';
SELECT brin_summarize_new_values('s.a_audit_chain_audit_seq_idx');
SELECT gin_clean_pending_list('s.a_audit_chain_audit_seq_idx');
CLUSTER s.a USING a_audit_chain_audit_seq_idx;
ALTER TABLE s.a CLUSTER ON a_audit_chain_audit_seq_idx;
ALTER TABLE s.a REPLICA IDENTITY USING INDEX a_audit_chain_audit_seq_idx;
ALTER TABLE s.a ADD CONSTRAINT k EXCLUDE USING audit_chain (audit_chain WITH =, audit_seq WITH =);
ALTER TABLE s.a ADD PRIMARY KEY USING INDEX a_audit_chain_audit_seq_idx;
CREATE INDEX ON s.a USING audit_chain (audit_chain, audit_seq) INCLUDE (n);
CREATE INDEX ON s.a USING audit_chain (audit_chain DESC, audit_seq);
CREATE INDEX ON s.a USING audit_chain (audit_chain NULLS FIRST, audit_seq);
CREATE INDEX ON s.a USING audit_chain (audit_chain COLLATE "C", audit_seq);
CREATE INDEX ON s.a USING audit_chain (audit_chain audit_immutable.chain_ops (x = 1), audit_seq);
ALTER INDEX s.a_audit_chain_audit_seq_idx SET (fillfactor = 10, deduplicate_items = on);
ALTER INDEX s.a_audit_chain_audit_seq_idx ALTER COLUMN 1 SET STATISTICS 100;
ALTER INDEX s.a_audit_chain_audit_seq_idx SET (buffering = on);
REINDEX INDEX s.a_audit_chain_audit_seq_idx;
INSERT INTO s.a (action) SELECT 'row ' || n FROM generate_series(1, 3000) AS n;
INSERT INTO s.a (action) VALUES ('last') ON CONFLICT (audit_chain, audit_seq) DO NOTHING;
