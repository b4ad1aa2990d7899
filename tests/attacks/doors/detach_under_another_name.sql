-- While detach waits for the table above the leaf, that table's schema gets another name, and another table stands under the
-- old one: detach would take that apart, and say on record that the log has left its tree.
-- role: postgres
-- says: done
-- verify: intact
GRANT CREATE ON DATABASE :DBNAME TO app_owner;
CREATE SCHEMA p AUTHORIZATION app_owner;
\connect - app_owner
CREATE TABLE p.root (k int, v text) PARTITION BY LIST (k);
CREATE TABLE s.leaf PARTITION OF p.root FOR VALUES IN (1) USING audit_immutable;
INSERT INTO p.root VALUES (1, 'kept');
SELECT dblink_connect_u('other', 'user=app_owner dbname=' || current_database());
BEGIN;
LOCK p.root IN ACCESS SHARE MODE;
SELECT dblink_send_query('other', $$ SELECT audit_immutable.detach('s.leaf', 'from which tree?') $$);
DO $$ BEGIN
    WHILE NOT EXISTS (SELECT FROM pg_locks WHERE relation = 'p.root'::regclass AND NOT granted) LOOP PERFORM pg_sleep(0.01); END LOOP;
END $$;
ALTER SCHEMA p RENAME TO q;
CREATE SCHEMA p;
CREATE TABLE p.root (k int, v text) PARTITION BY LIST (k);
COMMIT;
SELECT * FROM dblink_get_result('other') AS answer (nothing text);
SELECT 1 / (count(*) = 0)::int FROM pg_inherits;
\connect - postgres
SELECT 1 / (detail -> 'left' -> 0 ->> 0 = 'q.root')::int FROM audit_immutable.event WHERE kind = 'detached';
