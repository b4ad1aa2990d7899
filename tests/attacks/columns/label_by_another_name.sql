-- A label of an enum that a log holds is renamed under a name that meant another type when the command was looked at: that
-- other one is renamed away while the command waits for it.
-- role: postgres
-- says: done
-- verify: intact
CREATE SCHEMA s2 AUTHORIZATION app_owner;
\connect - app_owner
CREATE TYPE s.mood AS ENUM ('x', 'y');
CREATE TABLE s.moods (id int, v s.mood) USING audit_immutable;
INSERT INTO s.moods VALUES (1, 'x');
CREATE TYPE s2.mood AS ENUM ('x', 'y');
SELECT dblink_connect_u('waits', 'user=app_owner dbname=' || current_database());
SELECT dblink_connect_u('holds', 'user=app_owner dbname=' || current_database());
SELECT dblink_exec('waits', 'SET search_path = s2, s');
SELECT dblink_exec('holds', 'BEGIN; CREATE TABLE s2.bait (v s2.mood) USING audit_immutable');
SELECT dblink_send_query('waits', 'ALTER TYPE mood RENAME VALUE ''x'' TO ''innocent''');
SELECT pg_sleep(0.5);
SELECT dblink_exec('holds', 'DROP TABLE s2.bait; ALTER TYPE s2.mood RENAME TO gone; COMMIT');
SELECT * FROM dblink_get_result('waits') AS answer (it text);
