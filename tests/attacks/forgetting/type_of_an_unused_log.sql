-- A type is renamed or reshaped for free, as only tables without a row hold it: while one of them gets its first row, while
-- another one with rows holds it further in, and where one is somebody else's.
-- role: postgres
-- says: 42501 / 42501 / 42501 / 42501 / 42501 / 42501
-- verify: intact
GRANT USAGE ON SCHEMA s TO attacker;
\connect - attacker
CREATE TYPE m.mood AS ENUM ('x', 'y');
CREATE TYPE m.wrapped AS (mood m.mood, note text);
CREATE TABLE m.unused (id int, v m.wrapped) USING audit_immutable;
SELECT dblink_connect_u('writes', 'user=attacker dbname=' || current_database());
SELECT dblink_exec('writes', 'BEGIN');
SELECT dblink_exec('writes', 'INSERT INTO m.unused VALUES (1, ROW(''x'', ''one''))');
ALTER TYPE m.wrapped RENAME ATTRIBUTE note TO remark;
ALTER TYPE m.mood RENAME VALUE 'x' TO 'innocent';
SELECT dblink_exec('writes', 'ROLLBACK');
ALTER TYPE m.wrapped ADD ATTRIBUTE n int;
\connect - app_owner
CREATE TABLE s.theirs (id int, v m.mood) USING audit_immutable;
\connect - attacker
CREATE TYPE m.colour AS ENUM ('red');
CREATE TABLE m.first (id int, c m.colour) USING audit_immutable;
CREATE TABLE m.second (id int, f m.first[]) USING audit_immutable;
INSERT INTO m.second VALUES (1, ARRAY[ROW(1, 'red', 0, 0, 'now', 0, '\x00')::m.first]);
ALTER TYPE m.mood RENAME TO mood2;
ALTER TYPE m.colour RENAME TO color;
ALTER TYPE m.colour RENAME VALUE 'red' TO 'rouge';
