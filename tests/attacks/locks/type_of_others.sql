-- Somebody who owns nothing renames a label of another's type: before PostgreSQL says that he may not, he would wait for
-- whoever makes a log with that type, and hold up everybody who makes another one.
-- role: attacker
-- says: 42501 / 42501
-- verify: intact
SELECT dblink_connect_u('owner', 'user=app_owner dbname=' || current_database());
SELECT dblink_exec('owner', 'CREATE TYPE s.mood AS ENUM (''x'', ''y'')');
SELECT dblink_exec('owner', 'BEGIN; CREATE TABLE s.moods (id int, v s.mood) USING audit_immutable');
\connect - app_rw
\connect - attacker
SELECT dblink_connect_u('owner', 'user=app_owner dbname=' || current_database());
SELECT dblink_exec('owner', 'GRANT USAGE ON SCHEMA s TO attacker');
SELECT dblink_exec('owner', 'BEGIN; CREATE TABLE s.moods (id int, v s.mood) USING audit_immutable');
SET lock_timeout = '2s';
ALTER TYPE s.mood RENAME VALUE 'x' TO 'innocent';
ALTER TYPE s.mood RENAME TO temper;
