-- An empty text and port 0 stand for what the backend did not know.
INSERT INTO audit_immutable.attempt (
    at, session_user_name, current_user_name, application_name, client_address, client_port,
    backend_pid, backend_start, state, message, object, statement, dropped
)
VALUES (
    $1, NULLIF($2, ''), NULLIF($3, ''), $4, NULLIF($5, '')::pg_catalog.inet, NULLIF($6, 0),
    $7, $8, $9, $10, NULLIF($11, ''), NULLIF($12, ''), $13
)
