-- Row level security is switched on under a name that meant another table when the command was looked at, so that no event
-- tells of it: then it is a finding.
-- role: postgres
-- says: done
-- verify: schema_changed
CREATE SCHEMA s2 AUTHORIZATION app_owner;
\connect - app_owner
CREATE TABLE s2.a (id int);
SELECT dblink_connect_u('waits', 'user=app_owner dbname=' || current_database());
SELECT dblink_connect_u('holds', 'user=app_owner dbname=' || current_database());
SELECT dblink_exec('waits', 'SET search_path = s2, s');
SELECT dblink_exec('holds', 'BEGIN; DROP TABLE s2.a');
SELECT dblink_send_query('waits', 'ALTER TABLE a ENABLE ROW LEVEL SECURITY');
SELECT pg_sleep(0.5);
SELECT dblink_exec('holds', 'COMMIT');
SELECT * FROM dblink_get_result('waits') AS answer (it text);
