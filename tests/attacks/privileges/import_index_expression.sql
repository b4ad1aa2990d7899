-- A superuser imports a log whose table somebody else owns: what stands in its indexes, statistics and checks runs as the
-- superuser.
-- role: attacker
-- says: done
-- verify: intact
-- runs as: attacker
CREATE FUNCTION m.trap(what text, n int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM m.note(what); RETURN n; END $$;
CREATE TABLE m.forged (id int,
    audit_chain int DEFAULT -1358631719, audit_seq bigint DEFAULT -4424792970956690659, audit_at timestamptz DEFAULT '-infinity',
    audit_session bigint DEFAULT -7738114663614724860,
    audit_hash bytea DEFAULT decode('992bcfb99ef1d6288ca080419956d99a8dae92b88e40349a1a90fbfadcfc526e', 'hex'))
    USING audit_immutable;
SELECT format('{"audit_immutable":1,"database":"%s","log":"12345678-1234-4123-8123-123456789012","table":"m.forged","columns":[["id","integer"]],"opened":"2020-01-01T00:00:00+00:00","by":"alice"}',
    '11111111-2222-4333-8444-555555555555') AS opening \gset
SELECT encode(sha256(convert_to(:'opening', 'UTF8')), 'hex') AS prev \gset
SELECT sha256(convert_to('{"chain":1,"seq":1,"prev":"' || :'prev' || '","at":"2020-01-01T00:00:01+00:00","session":7,"row":{"id":1}}', 'UTF8')) AS hash \gset
\connect - postgres
INSERT INTO m.forged VALUES (1, 1, 1, '2020-01-01 00:00:01+00', 7, :'hash');
\connect - attacker
CREATE UNIQUE INDEX ON m.forged (audit_chain, audit_seq) WHERE m.trap('predicate', 1) > 0;
CREATE UNIQUE INDEX ON m.forged (audit_chain, audit_seq);
CREATE INDEX ON m.forged (m.trap('expression', id));
CREATE STATISTICS m.more ON (m.trap('statistics', id)), id FROM m.forged;
ALTER TABLE m.forged ADD CHECK (m.trap('check', 1) > 0);
ANALYZE m.forged;
\connect - postgres
CREATE TRIGGER audit_immutable_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON m.forged
    FOR EACH STATEMENT EXECUTE FUNCTION audit_immutable.guard('12345678-1234-4123-8123-123456789012');
CREATE TRIGGER audit_immutable_guard_row BEFORE UPDATE OR DELETE ON m.forged
    FOR EACH ROW EXECUTE FUNCTION audit_immutable.guard('12345678-1234-4123-8123-123456789012');
ALTER TABLE m.forged ENABLE ALWAYS TRIGGER audit_immutable_guard, ENABLE ALWAYS TRIGGER audit_immutable_guard_row;
COMMENT ON TRIGGER audit_immutable_guard ON m.forged IS :'opening';
SET constraint_exclusion = on;
SELECT FROM audit_immutable.import('m.forged', 'from the old server');
SELECT 1 / (intact AND rows = 1)::int FROM audit_immutable.verify('m.forged');
