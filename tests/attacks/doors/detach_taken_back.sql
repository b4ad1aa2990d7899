-- A detach that is taken back with its savepoint, in the middle of others, leaves a record that is not true, or none of
-- what stays.
-- role: app_owner
-- says: 42809
-- verify: intact
CREATE TABLE s.root (k int, v text) PARTITION BY LIST (k);
CREATE TABLE s.leaf PARTITION OF s.root FOR VALUES IN (1) USING audit_immutable;
INSERT INTO s.root VALUES (1, 'a');
BEGIN;
SAVEPOINT one;
SELECT FROM audit_immutable.detach('s.leaf', 'taken back');
ROLLBACK TO one;
INSERT INTO s.root VALUES (1, 'b');
SAVEPOINT two;
SELECT FROM audit_immutable.detach('s.leaf', 'and once more');
RELEASE two;
ALTER TABLE s.root ATTACH PARTITION s.leaf FOR VALUES IN (1, 3);
INSERT INTO s.root VALUES (3, 'c');
COMMIT;
\connect - postgres
SELECT 1 / (array_agg(kind ORDER BY number) = '{protect,detached,attached}')::int FROM audit_immutable.event WHERE relation = 's.leaf';
\connect - app_owner
SELECT 1 / (count(*) = 3)::int FROM s.leaf;
SELECT audit_immutable.detach('s.a', 'it is in no tree');
