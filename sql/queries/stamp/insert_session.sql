-- Everything but what is passed in is what the server knows of this connection.
INSERT INTO audit_immutable.session (
    id, backend_start, backend_pid, session_user_name, current_user_name, application_name,
    client_address, client_port, server_address, server_port, tls_version, tls_cipher, database,
    session_user_oid, current_user_oid, login_user_name, login_user_oid, authenticated_identity
)
SELECT
    $1, $2, pg_catalog.pg_backend_pid(), $3, $4, pg_catalog.current_setting('application_name'),
    pg_catalog.inet_client_addr(), pg_catalog.inet_client_port(),
    pg_catalog.inet_server_addr(), pg_catalog.inet_server_port(),
    s.version, s.cipher, pg_catalog.current_database()::pg_catalog.text,
    $5, $6, $7, $8, $9
FROM (SELECT 1) AS one
LEFT JOIN pg_catalog.pg_stat_ssl AS s ON s.pid OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid()
