-- The index of the chains is said to depend on an extension that somebody else drops: it goes along.
-- role: app_owner
-- says: 42501
-- verify: intact
ALTER INDEX s.a_audit_chain_audit_seq_idx DEPENDS ON EXTENSION dblink;
\connect - postgres
DROP EXTENSION dblink;
\connect - app_owner
INSERT INTO s.a (action) VALUES ('behind them');
