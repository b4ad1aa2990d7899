-- The same with one that has rows, and through a partition root: ADD COLUMN is free on a log, and adds a field to what
-- another log holds.
-- role: app_owner
-- says: 42501 / 42501 / 42501
-- verify: intact
SET search_path = s;
CREATE TABLE inner_log (x int, y text) USING audit_immutable;
INSERT INTO inner_log VALUES (1, 'one');
CREATE TABLE outer_log (id int, v inner_log[]) USING audit_immutable;
INSERT INTO outer_log SELECT 1, ARRAY[i] FROM inner_log AS i;
ALTER TABLE inner_log ADD COLUMN w int;
CREATE TABLE root (k int, y text) PARTITION BY LIST (k);
CREATE TABLE leaf PARTITION OF root FOR VALUES IN (1) USING audit_immutable;
CREATE TABLE holds_leaf (id int, v leaf) USING audit_immutable;
INSERT INTO root VALUES (1, 'one');
INSERT INTO holds_leaf SELECT 1, l FROM leaf AS l;
ALTER TABLE root ADD COLUMN w int;
ALTER TABLE root RENAME COLUMN y TO z;
