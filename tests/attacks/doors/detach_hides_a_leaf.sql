-- The owner takes a leaf out of its tree, so that whoever verifies the root hears nothing of its rows; then ends its
-- protection, drops it, and gives the root another name. An owner of the root alone takes somebody else's leaf away.
-- role: app_owner
-- says: 42501 / 42501 / 42501
-- verify: intact
SET search_path = s;
CREATE TABLE root (k int, v text) PARTITION BY LIST (k);
CREATE TABLE leaf PARTITION OF root FOR VALUES IN (1) USING audit_immutable;
CREATE TABLE other PARTITION OF root FOR VALUES IN (2) USING audit_immutable;
INSERT INTO root VALUES (1, 'to be hidden'), (2, 'kept');
ALTER TABLE root DETACH PARTITION leaf;
ALTER TABLE root DETACH PARTITION leaf CONCURRENTLY;
SELECT FROM audit_immutable.detach('leaf', 'nobody will look');
SELECT 1 / (on_record LIKE 'detached: s.leaf (log %) with 1 rows up to ["1:1:%"], on record %Z by app_owner: nobody will look')::int
FROM audit_immutable.verify('root') WHERE relation = 'root'::regclass;
DELETE FROM leaf;
SELECT FROM audit_immutable.retire('leaf', 'nor now');
DROP TABLE leaf;
ALTER TABLE root RENAME TO trunk;
SELECT 1 / (on_record LIKE 'detached: s.leaf (log %nobody will look')::int FROM audit_immutable.verify('trunk') WHERE relation = 'trunk'::regclass;
-- Nor does another table of the root's name forget, nor a root without logs.
CREATE TABLE root (k int, v text) PARTITION BY LIST (k);
SELECT 1 / (count(*) = 1 AND bool_and(on_record LIKE 'detached: s.leaf %'))::int FROM audit_immutable.verify('root');
