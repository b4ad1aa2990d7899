-- The owner of a partition root takes the index of a leaf's chains for a part of the root's own, and drops that: the
-- leaf's goes along, and the chains have no end that anybody could find.
-- role: attacker
-- says: 42501 / 55000
-- verify: intact
CREATE TABLE m.root (id int, note text) PARTITION BY LIST (id);
CREATE TABLE m.leaf PARTITION OF m.root FOR VALUES IN (1, 2, 3) USING audit_immutable;
INSERT INTO m.root SELECT 1, 'row ' || n FROM generate_series(1, 300) AS n;
CREATE INDEX taken ON m.root USING audit_chain (audit_chain, audit_seq);
SELECT inhrelid::regclass, inhparent::regclass FROM pg_inherits WHERE inhparent = 'm.taken'::regclass;
DROP INDEX m.taken;
INSERT INTO m.root VALUES (1, 'behind it');
CREATE INDEX taken_only ON ONLY m.root USING audit_chain (audit_chain, audit_seq);
ALTER INDEX m.taken_only ATTACH PARTITION m.leaf_audit_chain_audit_seq_idx;
DROP INDEX m.taken_only;
INSERT INTO m.root VALUES (2, 'behind that');
ALTER INDEX m.leaf_audit_chain_audit_seq_idx RENAME TO other;
INSERT INTO m.root VALUES (3, 'and that');
