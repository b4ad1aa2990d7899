-- An import is taken back with its savepoint, and the session goes on writing to a log that this database does not know.
-- role: postgres
-- says: 55000 / 55000
-- verify: guard_missing schema_changed
CREATE TABLE s.forged (id int,
    audit_chain int DEFAULT -1358631719, audit_seq bigint DEFAULT -4424792970956690659, audit_at timestamptz DEFAULT '-infinity',
    audit_session bigint DEFAULT -7738114663614724860,
    audit_hash bytea DEFAULT decode('992bcfb99ef1d6288ca080419956d99a8dae92b88e40349a1a90fbfadcfc526e', 'hex'))
    USING audit_immutable;
SELECT format('{"audit_immutable":1,"database":"%s","log":"12345678-1234-4123-8123-123456789012","table":"s.forged","columns":[["id","integer"]],"opened":"2020-01-01T00:00:00+00:00","by":"alice"}',
    '11111111-2222-4333-8444-555555555555') AS opening \gset
CREATE UNIQUE INDEX ON s.forged (audit_chain, audit_seq);
CREATE TRIGGER audit_immutable_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON s.forged
    FOR EACH STATEMENT EXECUTE FUNCTION audit_immutable.guard('12345678-1234-4123-8123-123456789012');
CREATE TRIGGER audit_immutable_guard_row BEFORE UPDATE OR DELETE ON s.forged
    FOR EACH ROW EXECUTE FUNCTION audit_immutable.guard('12345678-1234-4123-8123-123456789012');
ALTER TABLE s.forged ENABLE ALWAYS TRIGGER audit_immutable_guard, ENABLE ALWAYS TRIGGER audit_immutable_guard_row;
COMMENT ON TRIGGER audit_immutable_guard ON s.forged IS :'opening';
BEGIN;
SAVEPOINT one;
SELECT FROM audit_immutable.import('s.forged', 'taken back');
INSERT INTO s.forged (id) VALUES (1);
ROLLBACK TO one;
INSERT INTO s.forged (id) VALUES (2);
ROLLBACK;
INSERT INTO s.forged (id) VALUES (3);
SELECT 1 / (count(*) = 0)::int FROM s.forged;
SELECT 1 / (count(*) = 0)::int FROM audit_immutable.opening WHERE log = '12345678-1234-4123-8123-123456789012';
SELECT 1 / (count(*) = 0)::int FROM audit_immutable.event WHERE kind = 'imported';
