-- A log under more tables than the events name: the topmost would not be on record, so that a leaf could leave its tree
-- unseen from there.
-- role: app_owner
-- says: 55000 / 42501 / 55000
-- verify: intact
SET search_path = s;
CREATE TABLE t0 (k int, v text) PARTITION BY LIST (k);
DO $$ BEGIN FOR i IN 1 .. 110 LOOP EXECUTE format('CREATE TABLE t%s PARTITION OF t%s DEFAULT PARTITION BY LIST (k)', i, i - 1); END LOOP; END $$;
CREATE TABLE deep PARTITION OF t110 DEFAULT USING audit_immutable;
CREATE TABLE log (k int, v text) USING audit_immutable;
ALTER TABLE t110 ATTACH PARTITION log DEFAULT;
CREATE TABLE shop PARTITION OF t110 DEFAULT;
SELECT audit_immutable.protect('shop');
CREATE TABLE shallow PARTITION OF t99 FOR VALUES IN (1) USING audit_immutable;
INSERT INTO t0 VALUES (1, 'in a log'), (2, 'in a plain table');
SELECT FROM audit_immutable.detach('shallow', 'from the hundredth');
SELECT 1 / (count(*) = 1)::int FROM audit_immutable.verify('t0') WHERE relation = 't0'::regclass AND on_record LIKE 'detached: s.shallow%';
