-- Roles, functions and tables as they should not be. psql's variable `folder` is one that the server may write.
SET password_encryption = 'scram-sha-256';
ALTER ROLE postgres PASSWORD 'secret' VALID UNTIL 'infinity';
CREATE ROLE monitor LOGIN PASSWORD 'secret' VALID UNTIL 'infinity' CONNECTION LIMIT 5 IN ROLE pg_monitor;
CREATE ROLE nobody LOGIN PASSWORD 'secret' VALID UNTIL 'infinity' CONNECTION LIMIT 5;
CREATE ROLE stranger LOGIN PASSWORD 'secret' VALID UNTIL 'infinity' CONNECTION LIMIT 5;
CREATE ROLE app LOGIN PASSWORD 'secret';                                -- role_forever, connection_limits
CREATE ROLE second LOGIN SUPERUSER CONNECTION LIMIT 5;                  -- superusers
CREATE ROLE creator CREATEROLE;                                         -- create_role
CREATE ROLE copier REPLICATION BYPASSRLS;                               -- replication_roles
CREATE ROLE standby LOGIN REPLICATION CONNECTION LIMIT 5;
CREATE ROLE "odd ""name" IN ROLE pg_execute_server_program, pg_write_all_data;  -- server_roles
SET password_encryption = 'md5';
CREATE ROLE old LOGIN PASSWORD 'secret' VALID UNTIL 'infinity' CONNECTION LIMIT 5;      -- role_md5
RESET password_encryption;
GRANT EXECUTE ON FUNCTION pg_catalog.pg_read_file(text) TO app;         -- file_functions
CREATE LANGUAGE wild HANDLER plpgsql_call_handler;                      -- languages
CREATE EXTENSION dblink;                                                -- dblink
CREATE EXTENSION file_fdw;
GRANT USAGE ON FOREIGN DATA WRAPPER file_fdw TO app;                    -- foreign_servers
CREATE EXTENSION audit_immutable;
GRANT EXECUTE ON FUNCTION audit_immutable.network_findings(boolean) TO nobody;
CREATE TABLE log (id int, what text) USING audit_immutable;
GRANT SELECT ON log TO PUBLIC;                                          -- public_on_logs
GRANT INSERT (what) ON log TO PUBLIC;
CREATE TABLE root (id int) PARTITION BY LIST (id);
CREATE TABLE leaf PARTITION OF root FOR VALUES IN (1) USING audit_immutable;
GRANT INSERT ON root TO PUBLIC;
GRANT CREATE ON SCHEMA public TO PUBLIC;                                -- public_creates
CREATE FUNCTION first_of_log() RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT what FROM log';    -- security_definer
