-- A guard trigger is replaced under a name that meant another table when the command was looked at: that table is dropped
-- while the command waits for its lock. Then the log takes rows with whatever stamps they have.
-- role: postgres
-- says: 42501 / 42501
-- verify: intact
CREATE SCHEMA s2 AUTHORIZATION app_owner;
\connect - app_owner
CREATE TABLE s2.a (id int);
CREATE FUNCTION s.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
SELECT dblink_connect_u('waits', 'user=app_owner dbname=' || current_database());
SELECT dblink_connect_u('holds', 'user=app_owner dbname=' || current_database());
SELECT dblink_exec('waits', 'SET search_path = s2, s');
SELECT dblink_exec('holds', 'BEGIN; DROP TABLE s2.a');
SELECT dblink_send_query('waits', 'CREATE OR REPLACE TRIGGER audit_immutable_guard BEFORE UPDATE ON a EXECUTE FUNCTION s.nothing()');
SELECT pg_sleep(0.5);
SELECT dblink_exec('holds', 'COMMIT');
SELECT * FROM dblink_get_result('waits') AS answer (it text);
CREATE TABLE s2.a (id int);
SELECT dblink_exec('holds', 'BEGIN; DROP TABLE s2.a');
SELECT * FROM dblink_get_result('waits') AS answer (it text);
SELECT dblink_send_query('waits', 'CREATE OR REPLACE TRIGGER audit_immutable_guard_row BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION s.nothing()');
SELECT pg_sleep(0.5);
SELECT dblink_exec('holds', 'COMMIT');
SELECT * FROM dblink_get_result('waits') AS answer (it text);
SELECT tgname, tgfoid::regproc FROM pg_trigger WHERE tgrelid = 's.a'::regclass AND NOT tgisinternal;
