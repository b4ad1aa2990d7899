-- A log of the attacker's, attached to somebody else's root, has the extension lock that root to give it the stamp
-- columns: whoever reads it then waits for as long as the attacker likes.
-- role: app_owner
-- says: 42501 / 42501
-- verify: intact
SET search_path = s;
CREATE TABLE root (id int, note text) PARTITION BY LIST (id);
CREATE TABLE branch PARTITION OF root DEFAULT PARTITION BY LIST (note);
CREATE TABLE leaf PARTITION OF branch DEFAULT;
GRANT USAGE ON SCHEMA s TO attacker;
\connect - attacker
-- Somebody reads the root meanwhile.
SELECT 1 / (dblink_connect_u('reader', 'dbname=' || current_database() || ' user=app_owner') = 'OK')::int;
SELECT 1 / (dblink_exec('reader', 'BEGIN; LOCK TABLE s.root IN ACCESS SHARE MODE') = 'LOCK TABLE')::int;
SET statement_timeout = '10s';
ALTER TABLE s.root ATTACH PARTITION m.mine FOR VALUES IN (1);
ALTER TABLE s.branch ATTACH PARTITION m.mine FOR VALUES IN ('x');
