-- COPY into a system catalog under a name that meant a table of one's own when the command was looked at: that table is
-- dropped while COPY waits for its lock.
-- role: postgres
-- rings: ring3
-- says: 42501
-- verify: intact
CREATE SCHEMA s2;
CREATE TABLE s2.pg_enum (LIKE pg_catalog.pg_enum);
SELECT dblink_connect_u('waits', 'user=postgres dbname=' || current_database());
SELECT dblink_connect_u('holds', 'user=postgres dbname=' || current_database());
SELECT dblink_exec('waits', 'SET allow_system_table_mods = on; SET search_path = s2, pg_catalog');
SELECT dblink_exec('holds', 'BEGIN; DROP TABLE s2.pg_enum');
SELECT dblink_send_query('waits', 'COPY pg_enum FROM PROGRAM ''echo "77777,88888,1,made up"'' (FORMAT csv)');
SELECT pg_sleep(0.5);
SELECT dblink_exec('holds', 'COMMIT');
SELECT * FROM dblink_get_result('waits') AS answer (it text);
SELECT 1 / (count(*) = 0)::int FROM pg_enum WHERE enumlabel = 'made up';
