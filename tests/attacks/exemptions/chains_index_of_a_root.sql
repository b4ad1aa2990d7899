-- The owner of a root makes the chains' indexes of its leaves parts of an index of the root: that index is dropped and
-- theirs with it, or a leaf can be retired no more.
-- role: app_owner
-- says: 42501 / 42501 / 42501 / 42704
-- verify: intact
SET search_path = s;
CREATE TABLE root (k int, v text) PARTITION BY LIST (k);
CREATE TABLE leaf PARTITION OF root FOR VALUES IN (1) USING audit_immutable;
CREATE INDEX of_root ON root USING audit_chain (audit_chain, audit_seq);
CREATE TABLE later PARTITION OF root FOR VALUES IN (2) USING audit_immutable;
INSERT INTO root VALUES (1, 'one'), (2, 'two');
DROP INDEX of_root;
DROP INDEX of_root CASCADE;
CREATE TABLE alike (LIKE leaf INCLUDING ALL) PARTITION BY LIST (k);
SELECT audit_immutable.detach('leaf', 'to another tree');
ALTER TABLE alike ATTACH PARTITION leaf FOR VALUES IN (1);
CREATE TABLE alike_too PARTITION OF alike FOR VALUES IN (2) USING audit_immutable;
INSERT INTO alike (k, v) VALUES (1, 'one'), (2, 'two');
DROP INDEX leaf_audit_chain_audit_seq_idx;
DROP INDEX alike_audit_chain_audit_seq_idx;
SELECT audit_immutable.retire('leaf', 'it is over');
SELECT audit_immutable.retire('later', 'it is over');
SELECT audit_immutable.retire('alike_too', 'it is over');
SELECT 1 / (count(*) = 3)::int FROM alike WHERE audit_chain = 1 AND audit_seq < 3;
DROP INDEX of_root;
