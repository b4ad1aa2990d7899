-- The extension's own logs. They are audit tables themselves, armed from here on. Their opening lines are constants
-- of the library but for the database's identity, which a dump brings along: it restores their rows into any database.

-- For this script alone: gives an own table its stamps, the index of its chains and its guard triggers.
CREATE FUNCTION audit_immutable.open_own_log(relation regclass) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'open_own_log_wrapper';

CREATE TABLE audit_immutable.opening (
    log uuid NOT NULL,
    line text NOT NULL
) USING audit_immutable;
SELECT audit_immutable.open_own_log('audit_immutable.opening');
CREATE UNIQUE INDEX opening_log_idx ON audit_immutable.opening (log);
COMMENT ON TABLE audit_immutable.opening IS 'the opening line of every log: where its chains start';
COMMENT ON COLUMN audit_immutable.opening.log IS 'identifier of the log, the argument of its guard triggers';
COMMENT ON COLUMN audit_immutable.opening.line IS 'the opening line as docs/FORMAT.md defines it; its SHA-256 is the prev of every chain''s first row';

CREATE TABLE audit_immutable.database (
    id uuid NOT NULL
) USING audit_immutable;
SELECT audit_immutable.open_own_log('audit_immutable.database');
CREATE UNIQUE INDEX database_one_idx ON audit_immutable.database ((id IS NOT NULL));
COMMENT ON TABLE audit_immutable.database IS
    'which database this is, one row: made with the first row that the extension writes, named by every opening line, and brought along by a dump';
COMMENT ON COLUMN audit_immutable.database.id IS 'the member database of opening lines';

CREATE TABLE audit_immutable.live (
    restored boolean NOT NULL
) USING audit_immutable;
SELECT audit_immutable.open_own_log('audit_immutable.live');
CREATE UNIQUE INDEX live_one_idx ON audit_immutable.live ((restored IS NOT NULL));
COMMENT ON TABLE audit_immutable.live IS
    'that this database has stamped rows itself, one row, written with the first of them: from then on no restore brings rows into the extension''s own logs. No dump carries it';
COMMENT ON COLUMN audit_immutable.live.restored IS
    'whether a restore had brought rows by then; what it brought is in audit_immutable.event, restored';

CREATE TABLE audit_immutable.column_list (
    log uuid NOT NULL,
    number int NOT NULL,
    columns text NOT NULL,
    heads text NOT NULL
) USING audit_immutable;
SELECT audit_immutable.open_own_log('audit_immutable.column_list');
CREATE UNIQUE INDEX column_list_log_number_idx ON audit_immutable.column_list (log, number);
COMMENT ON TABLE audit_immutable.column_list IS
    'the columns of a log after they have changed: what the next row of each chain says in its line';
COMMENT ON COLUMN audit_immutable.column_list.log IS 'identifier of the log';
COMMENT ON COLUMN audit_immutable.column_list.number IS
    'counts the lists of a log, from 2: the first is in its opening line';
COMMENT ON COLUMN audit_immutable.column_list.columns IS 'as it stands in the lines, name and type of each column';
COMMENT ON COLUMN audit_immutable.column_list.heads IS
    'CHAIN:SEQ of the last row that each chain had when the columns changed, with commas between them; a chain that had none is not there';

CREATE TABLE audit_immutable.session (
    id bigint NOT NULL,
    backend_start timestamptz,
    backend_pid int,
    session_user_name text,
    current_user_name text,
    application_name text,
    client_address inet,
    client_port int,
    server_address inet,
    server_port int,
    tls_version text,
    tls_cipher text,
    database text,
    session_user_oid bigint,
    current_user_oid bigint,
    login_user_name text,
    login_user_oid bigint,
    authenticated_identity text
) USING audit_immutable;
SELECT audit_immutable.open_own_log('audit_immutable.session');
CREATE UNIQUE INDEX session_id_idx ON audit_immutable.session (id);
COMMENT ON TABLE audit_immutable.session IS
    'one row for each connection identity that wrote: the audit_session of audit rows';
COMMENT ON COLUMN audit_immutable.session.id IS 'the audit_session of the rows this identity wrote: a random number';
COMMENT ON COLUMN audit_immutable.session.client_address IS 'NULL for a unix socket or a background process';
COMMENT ON COLUMN audit_immutable.session.session_user_name IS
    'what the role is called; it may have been renamed, and SET SESSION AUTHORIZATION makes it another than the one that logged in';
COMMENT ON COLUMN audit_immutable.session.login_user_name IS
    'the name the client logged in with; NULL for a background process';
COMMENT ON COLUMN audit_immutable.session.login_user_oid IS 'the role that was let in, whatever it is called since';
COMMENT ON COLUMN audit_immutable.session.authenticated_identity IS
    'what authentication saw: the operating system''s user, the certificate''s name, the principal; after a password, the role; NULL where it looked at nothing (trust). From PostgreSQL 16 on as system_user has it';
COMMENT ON COLUMN audit_immutable.session.tls_version IS 'NULL for a connection without TLS';

CREATE TABLE audit_immutable.event (
    log uuid,
    number int,
    kind text NOT NULL,
    relation text,
    role text,
    reason text,
    detail jsonb
) USING audit_immutable;
SELECT audit_immutable.open_own_log('audit_immutable.event');
CREATE UNIQUE INDEX event_log_number_idx ON audit_immutable.event (log, number);
CREATE INDEX event_database_idx ON audit_immutable.event (audit_at) WHERE log IS NULL;
CREATE INDEX event_relation_idx ON audit_immutable.event (relation, kind, audit_at) WHERE log IS NULL;
COMMENT ON TABLE audit_immutable.event IS
    'what became of each log: protect, imported, retire, reopened, dropped, acknowledge, attached, detached, restricted, loss_acknowledged, table_missing, restored, storage_swapped, column_added, column_type_changed, owner_changed, trigger_changed, row_security_changed; and of what guards them: guard_trouble, preload_on, preload_off, trigger_function_changed, trigger_function_renamed; key_changed: another key signs checkpoints; verified: what verify with since_checkpoint found; checkpoint_skipped: a checkpoint that left a locked table out';
COMMENT ON COLUMN audit_immutable.event.log IS 'identifier of the log; NULL for an event of the whole database';
COMMENT ON COLUMN audit_immutable.event.number IS 'counts the events of a log, from 1';
COMMENT ON COLUMN audit_immutable.event.relation IS 'schema and name of the table at the time, or of the function';
COMMENT ON COLUMN audit_immutable.event.role IS 'the role that acted; audit_session tells the connection';
COMMENT ON COLUMN audit_immutable.event.detail IS
    'what it is about: of protect, imported and acknowledge, the table''s description, which verify compares with the catalog; of retire, restored and imported, the head of each chain as CHAIN:SEQ:HASH; of imported, the database that the log says it is from; of retire and loss_acknowledged, the rows that were missing or changed by the checkpoints; of loss_acknowledged, all damaged rows of the log by then';

CREATE TABLE audit_immutable.attempt (
    at timestamptz,
    session_user_name text,
    current_user_name text,
    application_name text,
    client_address inet,
    client_port int,
    backend_pid int,
    backend_start timestamptz,
    state text,
    message text,
    object text,
    statement text,
    dropped bigint
) USING audit_immutable;
SELECT audit_immutable.open_own_log('audit_immutable.attempt');
COMMENT ON TABLE audit_immutable.attempt IS
    'one row for each refused attempt to change what an audit table keeps; written only where the library is in shared_preload_libraries';
COMMENT ON COLUMN audit_immutable.attempt.at IS 'when it was refused; audit_at is when that was recorded';
COMMENT ON COLUMN audit_immutable.attempt.client_address IS 'NULL for a unix socket or a background process';
COMMENT ON COLUMN audit_immutable.attempt.state IS 'SQLSTATE of the error';
COMMENT ON COLUMN audit_immutable.attempt.object IS 'schema and name of the audit table, not quoted; NULL where the error does not name one by itself';
COMMENT ON COLUMN audit_immutable.attempt.statement IS 'what the client sent, its first 1024 bytes';
COMMENT ON COLUMN audit_immutable.attempt.dropped IS
    'how many attempts in this database before this one, since the last recorded one, were not recorded: more than a session user may leave, or than there was room for';
COMMENT ON COLUMN audit_immutable.attempt.audit_session IS 'the background worker that recorded it';

CREATE FUNCTION audit_immutable.attempts_dropped() RETURNS bigint
    LANGUAGE c AS 'MODULE_PATHNAME', 'attempts_dropped_wrapper';
COMMENT ON FUNCTION audit_immutable.attempts_dropped() IS
    'how many refused attempts in this server since its start are not recorded and never will be; NULL where the library is not in shared_preload_libraries';

-- A dump carries the rows of the logs.
SELECT pg_catalog.pg_extension_config_dump('audit_immutable.database', '');
SELECT pg_catalog.pg_extension_config_dump('audit_immutable.opening', '');
SELECT pg_catalog.pg_extension_config_dump('audit_immutable.column_list', '');
SELECT pg_catalog.pg_extension_config_dump('audit_immutable.session', '');
SELECT pg_catalog.pg_extension_config_dump('audit_immutable.event', '');
SELECT pg_catalog.pg_extension_config_dump('audit_immutable.attempt', '');

CREATE FUNCTION audit_immutable.protect(relation regclass, chains int DEFAULT NULL, order_by text[] DEFAULT NULL)
    RETURNS uuid LANGUAGE c AS 'MODULE_PATHNAME', 'protect_wrapper';
COMMENT ON FUNCTION audit_immutable.protect(regclass, int, text[]) IS
    'makes an audit table of a table and adopts its rows, in the order of the given columns (else as they are stored); chains limits how many writers can write at once (1: one strict chain); answers the identifier of the log';

CREATE FUNCTION audit_immutable.import(relation regclass, reason text DEFAULT NULL)
    RETURNS uuid LANGUAGE c AS 'MODULE_PATHNAME', 'import_wrapper';
COMMENT ON FUNCTION audit_immutable.import(regclass, text) IS
    'takes over the log of a table that a dump of that table alone brought from another database: every row is checked, the log keeps its identifier and its opening line, and is on record as imported for good; answers the identifier';
-- Whoever can compute hashes can make rows that follow from each other.
REVOKE EXECUTE ON FUNCTION audit_immutable.import(regclass, text) FROM PUBLIC;

CREATE FUNCTION audit_immutable.retire(relation regclass, reason text DEFAULT NULL)
    RETURNS void LANGUAGE c AS 'MODULE_PATHNAME', 'retire_wrapper';
COMMENT ON FUNCTION audit_immutable.retire(regclass, text) IS
    'ends the protection of a table, with the reason on record in audit_immutable.event: it becomes a plain heap table that keeps its stamps and can be altered and dropped; for its owner or a superuser';

CREATE FUNCTION audit_immutable.detach(leaf regclass, reason text DEFAULT NULL)
    RETURNS void LANGUAGE c AS 'MODULE_PATHNAME', 'detach_wrapper';
COMMENT ON FUNCTION audit_immutable.detach(regclass, text) IS
    'takes an audit table out of its partition tree, with the reason on record in audit_immutable.event: it stays an audit table, and verify of the root goes on naming it; for those who own both the leaf and the table above it';

CREATE FUNCTION audit_immutable.restrict(relation regclass, networks text DEFAULT NULL, require_tls text DEFAULT NULL, reason text DEFAULT NULL)
    RETURNS void LANGUAGE c AS 'MODULE_PATHNAME', 'restrict_wrapper';
COMMENT ON FUNCTION audit_immutable.restrict(regclass, text, text, text) IS
    'narrows, for good and with the reason on record in audit_immutable.event, which connections may reach an audit table: networks as audit_immutable.trusted_networks has them, and TLS (remote, all); unix sockets stay as the server''s settings have them; for its owner or a superuser';

CREATE FUNCTION audit_immutable.acknowledge(relation regclass, reason text DEFAULT NULL)
    RETURNS void LANGUAGE c AS 'MODULE_PATHNAME', 'acknowledge_wrapper';
COMMENT ON FUNCTION audit_immutable.acknowledge(regclass, text) IS
    'records the description of an audit table as it is now, with the reason why it is not as its events say; verify compares with that from then on; also rows that are missing or changed by the checkpoints, and damaged ones, behind which its chains are anchored again: verify goes on telling of them in on_record; for its owner or a superuser';

CREATE FUNCTION audit_immutable.acknowledge_all(reason text DEFAULT NULL)
    RETURNS int LANGUAGE c AS 'MODULE_PATHNAME', 'acknowledge_all_wrapper';
COMMENT ON FUNCTION audit_immutable.acknowledge_all(text) IS
    'acknowledges every log that is not described as its events say, and every one that has no table any more, as after a restore under other owners or with tables left out; at most 500, and answers how many; for a superuser';
REVOKE EXECUTE ON FUNCTION audit_immutable.acknowledge_all(text) FROM PUBLIC;

CREATE FUNCTION audit_immutable.policy()
    RETURNS TABLE (subcommand text, verdict text, why text)
    LANGUAGE c AS 'MODULE_PATHNAME', 'policy_wrapper';
COMMENT ON FUNCTION audit_immutable.policy() IS 'what ALTER TABLE may do to an audit table, subcommand by subcommand';

GRANT USAGE ON SCHEMA audit_immutable TO PUBLIC;
-- Who could create a trigger that calls it could make a table look like a log.
REVOKE EXECUTE ON FUNCTION audit_immutable.guard() FROM PUBLIC;
