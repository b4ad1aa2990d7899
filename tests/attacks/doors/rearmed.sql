-- A log that was retired is written anew, with a row left out, and armed again under its old identifier: verify finds it
-- intact, and its past is another.
-- role: app_owner
-- says: 42501
-- verify: intact
-- may change: s.a
SELECT audit_immutable.opening_line('s.a')::json ->> 'log' AS log \gset
SELECT audit_immutable.retire('s.a', 'seven years are over');
\connect - postgres
CREATE TABLE s.b (id bigint, at timestamptz, actor text, action text, details jsonb, n int,
    audit_chain int NOT NULL DEFAULT 0, audit_seq bigint NOT NULL DEFAULT 0, audit_at timestamptz NOT NULL DEFAULT '-infinity',
    audit_session bigint NOT NULL DEFAULT 0, audit_hash bytea NOT NULL DEFAULT '\x0000000000000000000000000000000000000000000000000000000000000000')
    USING audit_immutable;
INSERT INTO s.b SELECT * FROM s.a WHERE n < 9;
CREATE INDEX ON s.b USING audit_chain (audit_chain, audit_seq);
DROP TABLE s.a;
BEGIN;
CREATE TRIGGER audit_immutable_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON s.b
    FOR EACH STATEMENT EXECUTE FUNCTION audit_immutable.guard(:'log');
CREATE TRIGGER audit_immutable_guard_row BEFORE UPDATE OR DELETE ON s.b
    FOR EACH ROW EXECUTE FUNCTION audit_immutable.guard(:'log');
COMMIT;
-- It is no log, and no chain of it is anybody's.
SELECT audit_immutable.retire('s.b', 'never was one');
DROP TABLE s.b;
