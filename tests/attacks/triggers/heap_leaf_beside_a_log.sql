-- The owner of a partitioned log gives it a plain leaf for the rows that should not be kept, or hides the branch with the
-- audit table from its root.
-- role: app_owner
-- says: 42501 / 42501
-- verify: intact
SET search_path = s;
CREATE TABLE root (k int, v text) PARTITION BY LIST (k);
CREATE TABLE branch PARTITION OF root FOR VALUES IN (1, 2) PARTITION BY LIST (k);
CREATE TABLE leaf PARTITION OF branch FOR VALUES IN (1) USING audit_immutable;
-- Nothing to find yet: an error says otherwise.
SELECT 1 / bool_and(intact)::int FROM audit_immutable.verify('root');
CREATE TABLE plain_leaf PARTITION OF root FOR VALUES IN (9);
INSERT INTO root VALUES (1, 'kept'), (9, 'not kept');
-- Found from the root, and named.
SELECT 1 / (count(*) = 2 AND count(*) FILTER (WHERE NOT intact) = 1)::int FROM audit_immutable.verify('root');
SELECT 1 / (count(*) = 1)::int FROM audit_immutable.findings('root') WHERE kind = 'guard_missing' AND detail LIKE '%s.plain_leaf%';
ALTER TABLE root DETACH PARTITION branch;
ALTER TABLE root DETACH PARTITION branch CONCURRENTLY;
SELECT 1 / (count(*) = 2)::int FROM audit_immutable.verify('root');
SELECT 1 / (count(*) = 2)::int FROM root;
