-- A leaf is damaged, and then taken out of its tree, and ended: neither makes the damage go away.
-- role: app_owner
-- rings: ring2
-- says: done
-- verify: checkpoint_mismatch
-- may change: s.leaf
CREATE TABLE s.root (k int, v text) PARTITION BY LIST (k);
CREATE TABLE s.leaf PARTITION OF s.root FOR VALUES IN (1) USING audit_immutable;
INSERT INTO s.root SELECT 1, 'row ' || i FROM generate_series(1, 10) AS i;
\connect - postgres
SELECT FROM audit_immutable.checkpoint();
\connect
UPDATE pg_trigger SET tgenabled = 'D' WHERE tgrelid = 's.leaf'::regclass;
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'heap') WHERE oid = 's.leaf'::regclass;
\connect
DELETE FROM s.leaf WHERE v IN ('row 9', 'row 10');
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'audit_immutable') WHERE oid = 's.leaf'::regclass;
UPDATE pg_trigger SET tgenabled = 'A' WHERE tgrelid = 's.leaf'::regclass;
VACUUM s.leaf;
REINDEX TABLE s.leaf;
\connect - app_owner
SELECT FROM audit_immutable.detach('s.leaf', 'nobody looks at it there');
SELECT 1 / (NOT intact AND first_finding LIKE 'truncated%')::int FROM audit_immutable.verify('s.leaf');
SELECT FROM audit_immutable.retire('s.leaf', 'nor now');
SELECT 1 / (count(*) = 1)::int FROM audit_immutable.verify('s.root') WHERE relation = 's.root'::regclass AND on_record LIKE 'detached: s.leaf%with 8 rows%';
