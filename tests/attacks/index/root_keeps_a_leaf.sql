-- An index of the root's holds the leaf's for its part: nobody could retire the leaf, or be rid of the extension.
-- role: attacker
-- says: done
-- verify: intact
CREATE TABLE m.root (id int, note text) PARTITION BY LIST (id);
CREATE TABLE m.leaf PARTITION OF m.root FOR VALUES IN (1, 2, 3) USING audit_immutable;
INSERT INTO m.root SELECT 1, 'row ' || n FROM generate_series(1, 300) AS n;
CREATE INDEX taken ON m.root USING audit_chain (audit_chain, audit_seq);
CREATE TABLE m.heap_leaf PARTITION OF m.root FOR VALUES IN (4) USING heap;
INSERT INTO m.root VALUES (4, 'no log', 1, 1, now(), 1, '\x00');
SELECT audit_immutable.retire('m.leaf', 'seven years are over');
SELECT indexrelid::regclass, am.amname FROM pg_index JOIN pg_class c ON c.oid = indexrelid JOIN pg_am am ON am.oid = relam
 WHERE indrelid IN ('m.root'::regclass, 'm.leaf'::regclass);
DROP TABLE m.root;
