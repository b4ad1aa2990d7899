-- The other way round: the label is renamed in a transaction that is not over when the log is opened.
-- role: attacker
-- says: done
-- verify: intact
CREATE TYPE m.mood AS ENUM ('x', 'y');
CREATE TABLE m.moods (id int, v m.mood);
INSERT INTO m.moods VALUES (1, 'x');
SELECT dblink_connect_u('renames', 'user=attacker dbname=' || current_database());
SELECT dblink_exec('renames', 'BEGIN; ALTER TYPE m.mood RENAME VALUE ''x'' TO ''innocent''');
SELECT dblink_connect_u('protects', 'user=attacker dbname=' || current_database());
SELECT dblink_send_query('protects', 'SELECT audit_immutable.protect(''m.moods'')::text');
SELECT pg_sleep(0.5);
SELECT dblink_exec('renames', 'COMMIT');
SELECT count(*) FROM dblink_get_result('protects') AS answer (log text);
