-- A table that never had a row is dropped and reshaped in transactions that are prepared: while they are, and when they are
-- over, it gets its first row.
-- role: app_owner
-- says: 55P03 / 42P01 / 55P03
-- verify: intact
CREATE TABLE s.dropped (id int, v text) USING audit_immutable;
CREATE TABLE s.shaped (id int, v text) USING audit_immutable;
BEGIN;
DROP TABLE s.dropped;
PREPARE TRANSACTION 'drops';
BEGIN;
ALTER TABLE s.shaped DROP COLUMN v;
ALTER TABLE s.shaped RENAME TO shaped_too;
PREPARE TRANSACTION 'shapes';
SET lock_timeout = '300ms';
INSERT INTO s.dropped VALUES (1, 'one');
COMMIT PREPARED 'drops';
INSERT INTO s.dropped VALUES (1, 'one');
INSERT INTO s.shaped VALUES (1, 'one');
ROLLBACK PREPARED 'shapes';
INSERT INTO s.shaped VALUES (1, 'one');
SELECT 1 / (rows = 1)::int FROM audit_immutable.verify('s.shaped');
