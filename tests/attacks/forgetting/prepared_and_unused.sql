-- A table whose first rows are in a prepared transaction, or were in one that was rolled back, is dropped or reshaped as
-- one that never had a row.
-- role: app_owner
-- says: 55P03 / 55P03 / 42501 / 42501
-- verify: intact
CREATE TABLE s.new (id int, v text) USING audit_immutable;
CREATE TABLE s.old (id int, v text) USING audit_immutable;
BEGIN;
INSERT INTO s.new VALUES (1, 'one');
PREPARE TRANSACTION 'first row';
BEGIN;
INSERT INTO s.old VALUES (1, 'one');
PREPARE TRANSACTION 'no row';
SET lock_timeout = '300ms';
DROP TABLE s.new;
ALTER TABLE s.new RENAME COLUMN v TO w;
RESET lock_timeout;
COMMIT PREPARED 'first row';
ROLLBACK PREPARED 'no row';
DROP TABLE s.new;
ALTER TABLE s.old RENAME COLUMN v TO w;
INSERT INTO s.old VALUES (1, 'the first');
