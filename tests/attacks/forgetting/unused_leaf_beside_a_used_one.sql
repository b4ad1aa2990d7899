-- Leaves that never had a row are let go, and a used one with them: by the root, a column of it, its type.
-- role: app_owner
-- says: 42501 / 42501 / 42501 / 42501 / 42501
-- verify: intact
SET search_path = s;
CREATE TYPE colour AS ENUM ('red', 'green');
CREATE TABLE root (k int, v text, c colour) PARTITION BY LIST (k);
CREATE TABLE unused PARTITION OF root FOR VALUES IN (1) USING audit_immutable;
CREATE TABLE used PARTITION OF root FOR VALUES IN (2) USING audit_immutable;
CREATE TABLE unused_too PARTITION OF root FOR VALUES IN (3) USING audit_immutable;
INSERT INTO root VALUES (2, 'two', 'red');
DROP TABLE root;
ALTER TABLE root DROP COLUMN v;
ALTER TABLE root RENAME COLUMN v TO w;
DROP TYPE colour CASCADE;
ALTER TABLE root ALTER COLUMN v TYPE json USING to_json(v);
DROP TABLE unused;
ALTER TABLE root DETACH PARTITION unused_too;
INSERT INTO root VALUES (2, 'another', 'green');
SELECT 1 / (count(*) = 2)::int FROM root;
