-- A root has a foreign key that changes rows when what they point to goes. A log that is attached gets it too, and one that
-- is made there.
-- role: app_owner
-- says: 42830 / 42501 / 42501
-- verify: intact
SET search_path = s;
CREATE TABLE actors (id int PRIMARY KEY);
INSERT INTO actors VALUES (1);
CREATE TABLE root (k int, actor int REFERENCES actors ON DELETE SET NULL) PARTITION BY LIST (k);
CREATE TABLE leaf PARTITION OF root FOR VALUES IN (1) USING audit_immutable;
CREATE TABLE log (k int, actor int) USING audit_immutable;
INSERT INTO log VALUES (2, 1);
ALTER TABLE root ATTACH PARTITION log FOR VALUES IN (2);
CREATE TABLE safe (k int, actor int) PARTITION BY LIST (k);
ALTER TABLE safe ATTACH PARTITION log FOR VALUES IN (2);
ALTER TABLE safe ADD FOREIGN KEY (actor) REFERENCES actors ON DELETE CASCADE;
DELETE FROM actors;
SELECT 1 / (count(*) = 1)::int FROM log WHERE actor = 1;
