-- Rows restored in one session while another writes the row that closes the door: either they are on record as
-- restored, or they do not come in.
-- role: postgres
-- says: 55000
-- verify: intact
SELECT dblink_connect_u('other', 'dbname=' || current_database());
SELECT dblink_exec('other', 'BEGIN');
SELECT dblink_exec('other', 'INSERT INTO s.a (actor) VALUES (''first'')');
SELECT dblink_send_query('other', 'SELECT pg_sleep(1); COMMIT');
INSERT INTO audit_immutable.attempt (message, audit_chain, audit_seq, audit_at, audit_session, audit_hash)
    VALUES ('forged', 1, 1, now(), 1, sha256('forged'));
SELECT dblink_disconnect('other');
