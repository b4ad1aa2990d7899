-- The owner empties a log of his own by rolling back, by another subtransaction or by VACUUM, or drops and shapes it in the
-- transaction that has written to it: rows that were there would go unseen.
-- role: app_owner
-- says: 42501 / 42501 / 42501 / 42501 / 42501 / 42501
-- verify: intact
CREATE TABLE s.mine (id int, note text) USING audit_immutable;
BEGIN;
INSERT INTO s.mine VALUES (1);
SAVEPOINT t;
DROP TABLE s.mine;
ROLLBACK TO t;
ALTER TABLE s.mine DROP COLUMN note;
ROLLBACK TO t;
ALTER TABLE s.mine RENAME TO yours;
ROLLBACK;
VACUUM s.mine;
DROP TABLE s.mine;
INSERT INTO s.mine VALUES (2);
ALTER TABLE s.mine ALTER id TYPE text USING 'forged';
DROP SCHEMA s CASCADE;
SELECT 1 / count(*) FROM s.mine;
