-- A table that never had a row gets another log, and its trigger goes on to carry the opening line of the first: a dump of
-- the table alone could not be imported, or would pass for the other log. Likewise what a column's new type leaves there.
-- role: app_owner
-- says: done
-- verify: intact
CREATE TABLE s.new (id int, v text) USING audit_immutable;
ALTER TABLE s.new RENAME TO newer;
ALTER TABLE s.newer DROP COLUMN v;
INSERT INTO s.newer VALUES (1);
ALTER TABLE s.newer ADD COLUMN w int;
ALTER TABLE s.newer ALTER COLUMN id TYPE bigint;
\connect - postgres
SELECT obj_description(oid, 'pg_trigger') AS carried FROM pg_trigger WHERE tgrelid = 's.newer'::regclass AND tgname = 'audit_immutable_guard' \gset
SELECT 1 / (count(*) = 1)::int FROM audit_immutable.opening WHERE line = split_part(:'carried', E'\n', 1) AND line LIKE '%[["id","integer"]]%';
SELECT 1 / (count(*) = 3)::int FROM regexp_split_to_table(:'carried', E'\n');
