-- What looks into B-trees page by page, or forces a relation's page onto the disk, is handed the index of the chains.
-- role: postgres
-- says: 0A000 / 0A000 / 42809 / 42809 / 42809 / 0A000 / 0A000
-- verify: intact
CREATE EXTENSION amcheck;
CREATE EXTENSION pageinspect;
CREATE EXTENSION pgstattuple;
SELECT bt_index_check('s.a_audit_chain_audit_seq_idx', true);
SELECT bt_index_parent_check('s.a_audit_chain_audit_seq_idx', true, true);
SELECT count(*) FROM bt_metap('s.a_audit_chain_audit_seq_idx');
SELECT count(*) FROM bt_page_items('s.a_audit_chain_audit_seq_idx', 1);
SELECT count(*) FROM bt_page_items(get_raw_page('s.a_audit_chain_audit_seq_idx', 1));
SELECT count(*) FROM pgstatindex('s.a_audit_chain_audit_seq_idx');
SELECT count(*) FROM pgstattuple('s.a_audit_chain_audit_seq_idx');
SELECT count(*) FROM verify_heapam('s.a');
