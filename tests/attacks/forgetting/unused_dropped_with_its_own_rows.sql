-- Rows are written and the log is dropped, or gets other columns, in one transaction, in savepoints, by a function, or in
-- the same command: nothing would say that they were there.
-- role: app_owner
-- says: 42501 / 42501 / 42501 / 42501
-- verify: intact
CREATE TABLE s.new (id int, v text) USING audit_immutable;
BEGIN;
INSERT INTO s.new VALUES (1, 'first');
DROP TABLE s.new;
ROLLBACK;
DO $$ BEGIN
    INSERT INTO s.new VALUES (1, 'first');
    EXECUTE 'ALTER TABLE s.new DROP COLUMN v';
END $$;
BEGIN;
SAVEPOINT one;
INSERT INTO s.new VALUES (1, 'first');
ROLLBACK TO one;
ALTER TABLE s.new RENAME TO newer;
ROLLBACK;
WITH new AS (INSERT INTO s.new VALUES (1, 'kept') RETURNING id) SELECT FROM new;
DROP SCHEMA s CASCADE;
