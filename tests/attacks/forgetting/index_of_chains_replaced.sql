-- The owner puts an index in place of the chains' own that leads to no row, or to other rows: the chain would begin anew,
-- and what was written before would be forgotten.
-- role: app_owner
-- says: 0A000 / 0A000 / 0A000 / 0A000 / 0A000 / 0A000 / 42501 / 42501 / 42501 / 42501
-- verify: intact
CREATE INDEX i1 ON s.a USING audit_chain (audit_chain, audit_seq) WHERE false;
CREATE INDEX i2 ON s.a USING audit_chain (audit_seq, audit_chain);
CREATE INDEX i3 ON s.a USING audit_chain (n, id);
CREATE INDEX i4 ON s.a USING audit_chain (audit_chain);
CREATE INDEX i5 ON s.a USING audit_chain (audit_chain, (audit_seq + 0));
CREATE UNIQUE INDEX i6 ON s.a USING audit_chain (audit_chain, audit_seq);
DROP INDEX s.a_audit_chain_audit_seq_idx;
CREATE UNIQUE INDEX i7 ON s.a (audit_chain, audit_seq);
DROP INDEX s.a_audit_chain_audit_seq_idx;
CREATE INDEX i8 ON s.a USING audit_chain (audit_chain, audit_seq);
DROP INDEX s.a_audit_chain_audit_seq_idx, s.i8;
INSERT INTO s.a (action) VALUES ('behind the others');
-- One that leads to all rows may take its place, and then is the one that cannot go.
DROP INDEX s.a_audit_chain_audit_seq_idx;
DROP INDEX s.i8;
INSERT INTO s.a (action) VALUES ('behind them');
