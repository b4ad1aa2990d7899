-- ALTER COLUMN TYPE in a transaction that is prepared, and then rolled back or committed by somebody else: this session goes on
-- with what the columns would have been.
-- role: app_owner
-- says: done
-- verify: intact
BEGIN;
ALTER TABLE s.a ALTER n TYPE bigint;
INSERT INTO s.a (n) VALUES (11);
PREPARE TRANSACTION 'one';
ROLLBACK PREPARED 'one';
INSERT INTO s.a (n) VALUES (12);
BEGIN;
ALTER TABLE s.a ALTER n TYPE bigint;
INSERT INTO s.a (n) VALUES (13);
PREPARE TRANSACTION 'two';
\connect - app_owner
COMMIT PREPARED 'two';
INSERT INTO s.a (n) VALUES (1234567890123);
SELECT 1 / (count(*) = 13)::int FROM s.a;
\connect - postgres
SELECT 1 / (count(*) = 1)::int FROM audit_immutable.event WHERE relation = 's.a' AND kind = 'column_type_changed';
