-- Last, so that the script's own commands do not meet them.

CREATE FUNCTION audit_immutable.check() RETURNS event_trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'audit_immutable_check';
COMMENT ON FUNCTION audit_immutable.check() IS
    'refuses a command that would unmake what guards an audit table; loads the library, whose hooks see what the command does to each object';

CREATE EVENT TRIGGER audit_immutable_check ON ddl_command_start EXECUTE FUNCTION audit_immutable.check();
ALTER EVENT TRIGGER audit_immutable_check ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER audit_immutable_check IS
    'refuses a command that would unmake what guards an audit table';

CREATE FUNCTION audit_immutable.finish() RETURNS event_trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'audit_immutable_finish';
COMMENT ON FUNCTION audit_immutable.finish() IS
    'looks at what a command has altered of audit tables, and records it in audit_immutable.event';

CREATE EVENT TRIGGER audit_immutable_finish ON ddl_command_end EXECUTE FUNCTION audit_immutable.finish();
ALTER EVENT TRIGGER audit_immutable_finish ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER audit_immutable_finish IS
    'looks at what a command has altered of audit tables, and records it in audit_immutable.event';

CREATE FUNCTION audit_immutable.finish_create() RETURNS event_trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'audit_immutable_finish_create';
COMMENT ON FUNCTION audit_immutable.finish_create() IS
    'makes an audit table of every table created with the access method audit_immutable';

CREATE EVENT TRIGGER audit_immutable_finish_create ON ddl_command_end
    WHEN TAG IN ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO', 'CREATE MATERIALIZED VIEW', 'CREATE SCHEMA', 'ALTER TABLE', 'ALTER MATERIALIZED VIEW')
    EXECUTE FUNCTION audit_immutable.finish_create();
ALTER EVENT TRIGGER audit_immutable_finish_create ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER audit_immutable_finish_create IS
    'makes an audit table of every table created with the access method audit_immutable';

CREATE FUNCTION audit_immutable.refuse_rewrite() RETURNS event_trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'audit_immutable_refuse_rewrite';
COMMENT ON FUNCTION audit_immutable.refuse_rewrite() IS
    'refuses an ALTER TABLE that would write the rows of an audit table anew';

CREATE EVENT TRIGGER audit_immutable_refuse_rewrite ON table_rewrite
    EXECUTE FUNCTION audit_immutable.refuse_rewrite();
ALTER EVENT TRIGGER audit_immutable_refuse_rewrite ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER audit_immutable_refuse_rewrite IS
    'refuses an ALTER TABLE that would write the rows of an audit table anew';
