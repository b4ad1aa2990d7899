-- The owner of a type renames a label of it while a log with such a column is opened in a transaction that nobody sees
-- yet: every row of the log is wrong for ever.
-- role: attacker
-- says: 55P03 / 55P03 / 42501 / 42501
-- verify: intact
CREATE TYPE m.mood AS ENUM ('x', 'y');
CREATE TYPE m.wrapped AS (mood m.mood);
SELECT dblink_connect_u('owner', 'user=app_owner dbname=' || current_database());
SELECT dblink_exec('owner', 'BEGIN; CREATE TABLE s.moods (id int, v m.wrapped[]) USING audit_immutable');
SELECT dblink_exec('owner', 'INSERT INTO s.moods VALUES (1, ARRAY[ROW(''x'')::m.wrapped])');
SET lock_timeout = '1s';
ALTER TYPE m.mood RENAME VALUE 'x' TO 'innocent';
ALTER TYPE m.mood RENAME TO mood2;
RESET lock_timeout;
SELECT dblink_exec('owner', 'COMMIT');
ALTER TYPE m.mood RENAME VALUE 'x' TO 'innocent';
ALTER TYPE m.mood RENAME TO mood2;
