-- A log is retired that has an index of chains beside its own, which CREATE INDEX CONCURRENTLY left unfit: who reads the
-- plain table needs the library, and the extension cannot go.
-- role: app_owner
-- says: 57014
-- verify: intact
-- may change: s.a
SELECT dblink_connect_u('other', 'user=app_rw dbname=' || current_database());
SELECT dblink_exec('other', 'BEGIN; INSERT INTO s.a (action) VALUES (''held'')');
SET statement_timeout = '1s';
CREATE INDEX CONCURRENTLY second ON s.a USING audit_chain (audit_chain, audit_seq);
RESET statement_timeout;
SELECT dblink_exec('other', 'COMMIT');
SELECT audit_immutable.retire('s.a', 'seven years are over');
SELECT count(*) AS left_of_ours, 1 / (count(*) = 0)::int AS none FROM pg_index JOIN pg_class c ON c.oid = indexrelid JOIN pg_am AS am ON am.oid = c.relam
WHERE indrelid = 's.a'::regclass AND amname = 'audit_chain';
