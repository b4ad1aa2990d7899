-- CREATE INDEX CONCURRENTLY that fails half-way leaves an index with holes. Made fit again in the session that still looks
-- twice, with rows undone and others in their places, it takes the place of the first one: does it lead to every row?
-- role: app_owner
-- says: 57014 / 42501 / 42501
-- verify: intact
SELECT dblink_connect_u('other', 'user=app_rw dbname=' || current_database());
SELECT dblink_exec('other', 'BEGIN; INSERT INTO s.a (action) VALUES (''held'')');
SET statement_timeout = '1s';
CREATE INDEX CONCURRENTLY second ON s.a USING audit_chain (audit_chain, audit_seq);
RESET statement_timeout;
SELECT indisvalid, indisready FROM pg_index WHERE indexrelid = 's.second'::regclass;
SELECT dblink_exec('other', 'COMMIT');
INSERT INTO s.a (action, details) SELECT 'with holes', to_jsonb(repeat('x', 700)) FROM generate_series(1, 40);
DROP INDEX s.a_audit_chain_audit_seq_idx;
REINDEX INDEX s.second;
BEGIN;
INSERT INTO s.a (action, details) SELECT 'kept', to_jsonb(repeat('x', 700)) FROM generate_series(1, 3);
SAVEPOINT a;
INSERT INTO s.a (action, details) SELECT 'undone', to_jsonb(repeat('x', 700)) FROM generate_series(1, 30);
ROLLBACK TO a;
INSERT INTO s.a (action, details) SELECT 'in their place', to_jsonb(repeat('x', 700)) FROM generate_series(1, 30);
COMMIT;
DROP INDEX s.a_audit_chain_audit_seq_idx;
INSERT INTO s.a (action) SELECT 'by the other one' FROM generate_series(1, 30);
SELECT dblink_exec('other', 'INSERT INTO s.a (action) VALUES (''another session'')');
DROP INDEX s.second;
