-- Whoever imports a log shapes its table in the same transaction, before the lists of columns that came along are there, and
-- adds rows: they would be hashed under other columns than anybody can tell.
-- role: postgres
-- says: done
-- verify: intact
CREATE TABLE s.forged (id int,
    audit_chain int DEFAULT -1358631719, audit_seq bigint DEFAULT -4424792970956690659, audit_at timestamptz DEFAULT '-infinity',
    audit_session bigint DEFAULT -7738114663614724860,
    audit_hash bytea DEFAULT decode('992bcfb99ef1d6288ca080419956d99a8dae92b88e40349a1a90fbfadcfc526e', 'hex'))
    USING audit_immutable;
SELECT format('{"audit_immutable":1,"database":"%s","log":"12345678-1234-4123-8123-123456789012","table":"s.forged","columns":[["id","integer"]],"opened":"2020-01-01T00:00:00+00:00","by":"alice"}',
    '11111111-2222-4333-8444-555555555555') AS opening \gset
SELECT encode(sha256(convert_to(:'opening', 'UTF8')), 'hex') AS prev \gset
SELECT sha256(convert_to('{"chain":1,"seq":1,"prev":"' || :'prev' || '","at":"2020-01-01T00:00:01+00:00","session":7,"row":{"id":1}}', 'UTF8')) AS hash \gset
INSERT INTO s.forged VALUES (1, 1, 1, '2020-01-01 00:00:01+00', 7, :'hash');
CREATE UNIQUE INDEX ON s.forged (audit_chain, audit_seq);
CREATE TRIGGER audit_immutable_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON s.forged
    FOR EACH STATEMENT EXECUTE FUNCTION audit_immutable.guard('12345678-1234-4123-8123-123456789012');
CREATE TRIGGER audit_immutable_guard_row BEFORE UPDATE OR DELETE ON s.forged
    FOR EACH ROW EXECUTE FUNCTION audit_immutable.guard('12345678-1234-4123-8123-123456789012');
ALTER TABLE s.forged ENABLE ALWAYS TRIGGER audit_immutable_guard, ENABLE ALWAYS TRIGGER audit_immutable_guard_row;
COMMENT ON TRIGGER audit_immutable_guard ON s.forged IS :'opening';
BEGIN;
SELECT FROM audit_immutable.import('s.forged', 'from the old server');
ALTER TABLE s.forged ADD COLUMN more text;
INSERT INTO s.forged (id, more) VALUES (2, 'two');
SAVEPOINT one;
ALTER TABLE s.forged ALTER id TYPE bigint;
INSERT INTO s.forged (id, more) VALUES (3, 'three');
ROLLBACK TO one;
INSERT INTO s.forged (id, more) VALUES (3, 'three again');
ALTER TABLE s.forged ALTER id TYPE numeric;
INSERT INTO s.forged (id, more) VALUES (4, 'four');
COMMIT;
INSERT INTO s.forged (id, more) VALUES (5, 'five');
SELECT 1 / (intact AND rows = 5)::int FROM audit_immutable.verify('s.forged');
