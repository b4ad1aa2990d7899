-- The extension's own logs. They are audit tables themselves, armed from here on. Their opening
-- lines are constants of the library, so that a dump restores their rows into any database.

CREATE TABLE audit_immutable.opening (
    log uuid NOT NULL,
    line text NOT NULL,
    audit_chain pg_catalog.int4 DEFAULT 0,
    audit_seq pg_catalog.int8 DEFAULT 0,
    audit_at pg_catalog.timestamptz DEFAULT '-infinity',
    audit_session pg_catalog.int8 DEFAULT 0,
    audit_hash pg_catalog.bytea DEFAULT pg_catalog.decode(pg_catalog.repeat('00', 32), 'hex')
) USING audit_immutable;
CREATE UNIQUE INDEX opening_log_idx ON audit_immutable.opening (log);
CREATE UNIQUE INDEX opening_audit_chain_audit_seq_idx ON audit_immutable.opening (audit_chain, audit_seq);
CREATE TRIGGER audit_immutable_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_immutable.opening
    FOR EACH STATEMENT EXECUTE FUNCTION audit_immutable.guard('00000000-0000-8000-8000-000000000001');
CREATE TRIGGER audit_immutable_guard_row BEFORE UPDATE OR DELETE ON audit_immutable.opening
    FOR EACH ROW EXECUTE FUNCTION audit_immutable.guard('00000000-0000-8000-8000-000000000001');
ALTER TABLE audit_immutable.opening ENABLE ALWAYS TRIGGER audit_immutable_guard;
ALTER TABLE audit_immutable.opening ENABLE ALWAYS TRIGGER audit_immutable_guard_row;
COMMENT ON TABLE audit_immutable.opening IS 'the opening line of every log: where its chains start';
COMMENT ON COLUMN audit_immutable.opening.log IS 'identifier of the log, the argument of its guard triggers';
COMMENT ON COLUMN audit_immutable.opening.line IS 'the opening line as docs/FORMAT.md defines it; its SHA-256 is the prev of every chain''s first row';

CREATE SEQUENCE audit_immutable.session_id_seq;
COMMENT ON SEQUENCE audit_immutable.session_id_seq IS 'the next audit_session';

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
    audit_chain pg_catalog.int4 DEFAULT 0,
    audit_seq pg_catalog.int8 DEFAULT 0,
    audit_at pg_catalog.timestamptz DEFAULT '-infinity',
    audit_session pg_catalog.int8 DEFAULT 0,
    audit_hash pg_catalog.bytea DEFAULT pg_catalog.decode(pg_catalog.repeat('00', 32), 'hex')
) USING audit_immutable;
CREATE UNIQUE INDEX session_id_idx ON audit_immutable.session (id);
CREATE UNIQUE INDEX session_audit_chain_audit_seq_idx ON audit_immutable.session (audit_chain, audit_seq);
CREATE TRIGGER audit_immutable_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_immutable.session
    FOR EACH STATEMENT EXECUTE FUNCTION audit_immutable.guard('00000000-0000-8000-8000-000000000002');
CREATE TRIGGER audit_immutable_guard_row BEFORE UPDATE OR DELETE ON audit_immutable.session
    FOR EACH ROW EXECUTE FUNCTION audit_immutable.guard('00000000-0000-8000-8000-000000000002');
ALTER TABLE audit_immutable.session ENABLE ALWAYS TRIGGER audit_immutable_guard;
ALTER TABLE audit_immutable.session ENABLE ALWAYS TRIGGER audit_immutable_guard_row;
COMMENT ON TABLE audit_immutable.session IS
    'one row for each connection identity that wrote: the audit_session of audit rows';
COMMENT ON COLUMN audit_immutable.session.id IS 'the audit_session of the rows this identity wrote';
COMMENT ON COLUMN audit_immutable.session.client_address IS 'NULL for a unix socket or a background process';
COMMENT ON COLUMN audit_immutable.session.tls_version IS 'NULL for a connection without TLS';

-- A dump carries the rows of the logs, and where the numbering of sessions stands.
SELECT pg_catalog.pg_extension_config_dump('audit_immutable.opening', '');
SELECT pg_catalog.pg_extension_config_dump('audit_immutable.session', '');
SELECT pg_catalog.pg_extension_config_dump('audit_immutable.session_id_seq', '');

CREATE FUNCTION audit_immutable.protect(relation regclass, chains int DEFAULT NULL, order_by text[] DEFAULT NULL)
    RETURNS uuid LANGUAGE c AS 'MODULE_PATHNAME', 'protect_wrapper';
COMMENT ON FUNCTION audit_immutable.protect(regclass, int, text[]) IS
    'makes an audit table of a table and adopts its rows, in the order of the given columns (else as they are stored); chains limits how many writers can write at once (1: one strict chain); answers the identifier of the log';
GRANT USAGE ON SCHEMA audit_immutable TO PUBLIC;
-- Who could create a trigger that calls it could make a table look like a log.
REVOKE EXECUTE ON FUNCTION audit_immutable.guard() FROM PUBLIC;
