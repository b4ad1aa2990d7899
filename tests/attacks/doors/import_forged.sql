-- A superuser makes up a log of another database, computes every hash, and takes it over. It verifies, as any such table
-- would; but nobody is told that it was this database's.
-- role: postgres
-- says: done
-- verify: intact
CREATE TABLE s.forged (id int,
    audit_chain int NOT NULL DEFAULT 0, audit_seq bigint NOT NULL DEFAULT 0, audit_at timestamptz NOT NULL DEFAULT '-infinity',
    audit_session bigint NOT NULL DEFAULT 0, audit_hash bytea NOT NULL DEFAULT '\x0000000000000000000000000000000000000000000000000000000000000000')
    USING audit_immutable;
SELECT format('{"audit_immutable":1,"database":"%s","log":"12345678-1234-4123-8123-123456789012","table":"s.forged","columns":[["id","integer"]],"opened":"2020-01-01T00:00:00+00:00","by":"alice"}',
    '11111111-2222-4333-8444-555555555555') AS opening \gset
SELECT encode(sha256(convert_to(:'opening', 'UTF8')), 'hex') AS prev \gset
SELECT sha256(convert_to('{"chain":1,"seq":1,"prev":"' || :'prev' || '","at":"2020-01-01T00:00:01+00:00","session":7,"row":{"id":1}}', 'UTF8')) AS hash \gset
INSERT INTO s.forged VALUES (1, 1, 1, '2020-01-01 00:00:01+00', 7, :'hash');
CREATE INDEX ON s.forged USING audit_chain (audit_chain, audit_seq);
BEGIN;
CREATE TRIGGER audit_immutable_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON s.forged
    FOR EACH STATEMENT EXECUTE FUNCTION audit_immutable.guard('12345678-1234-4123-8123-123456789012');
CREATE TRIGGER audit_immutable_guard_row BEFORE UPDATE OR DELETE ON s.forged
    FOR EACH ROW EXECUTE FUNCTION audit_immutable.guard('12345678-1234-4123-8123-123456789012');
ALTER TABLE s.forged ENABLE ALWAYS TRIGGER audit_immutable_guard, ENABLE ALWAYS TRIGGER audit_immutable_guard_row;
COMMENT ON TRIGGER audit_immutable_guard ON s.forged IS :'opening';
COMMIT;
SELECT audit_immutable.import('s.forged', 'from the old server');
SELECT 1 / count(*) FROM audit_immutable.verify('s.forged')
    WHERE on_record LIKE '%imported: 1 rows up to%says it is of database 11111111-2222-4333-8444-555555555555, whose sessions%';
SELECT 1 / count(*) FROM audit_immutable.event
    WHERE kind = 'imported' AND detail ->> 'from' = '11111111-2222-4333-8444-555555555555';
