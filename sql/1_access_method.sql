-- The schema, the storage, and the triggers' function.

-- Here and not by the control file: so it is nobody else's, and DROP EXTENSION takes it along.
CREATE SCHEMA audit_immutable;
COMMENT ON SCHEMA audit_immutable IS 'what belongs to the extension audit_immutable';

CREATE FUNCTION audit_immutable.handler(internal) RETURNS table_am_handler
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'audit_immutable_handler';
COMMENT ON FUNCTION audit_immutable.handler(internal) IS
    'handler of the access method audit_immutable: heap storage whose rows can be added and read, and nothing else';

CREATE ACCESS METHOD audit_immutable TYPE TABLE HANDLER audit_immutable.handler;
COMMENT ON ACCESS METHOD audit_immutable IS
    'heap storage whose rows can be added and read, and nothing else';

CREATE FUNCTION audit_immutable.chain_handler(internal) RETURNS index_am_handler
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'audit_immutable_chain_handler';
COMMENT ON FUNCTION audit_immutable.chain_handler(internal) IS
    'handler of the access method audit_chain: a B-tree that finds the rows of an audit table''s chains, with an entry where a run of them begins in a page';

CREATE ACCESS METHOD audit_chain TYPE INDEX HANDLER audit_immutable.chain_handler;
COMMENT ON ACCESS METHOD audit_chain IS
    'index of an audit table''s chains, for audit_immutable alone: no query uses it';

-- Without operators, so that no query can use it.
CREATE OPERATOR CLASS audit_immutable.chain_ops DEFAULT FOR TYPE int4 USING audit_chain AS
    FUNCTION 1 pg_catalog.btint4cmp(int4, int4),
    FUNCTION 2 pg_catalog.btint4sortsupport(internal);
CREATE OPERATOR CLASS audit_immutable.seq_ops DEFAULT FOR TYPE int8 USING audit_chain AS
    FUNCTION 1 pg_catalog.btint8cmp(int8, int8),
    FUNCTION 2 pg_catalog.btint8sortsupport(internal);

CREATE FUNCTION audit_immutable.guard() RETURNS trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'audit_immutable_guard';
COMMENT ON FUNCTION audit_immutable.guard() IS
    'function of the guard triggers: refuses UPDATE, DELETE and TRUNCATE; its argument is the identifier of the log. Of the extension''s own tables leaves out what a subscription brings';
