-- A table of the attacker's, with the guard triggers of a log that is in this database already, is imported: two tables
-- would be one log, or the other one's rows would be those of the log.
-- role: postgres
-- says: 42710 / 42501 / 25P02 / 42809
-- verify: intact
SELECT log AS log_of_a FROM audit_immutable.log WHERE relation = 's.a'::regclass \gset
SELECT audit_immutable.import('s.a', 'once more');
CREATE TABLE s.other (id bigint,
    audit_chain int DEFAULT -1358631719, audit_seq bigint DEFAULT -4424792970956690659, audit_at timestamptz DEFAULT '-infinity',
    audit_session bigint DEFAULT -7738114663614724860,
    audit_hash bytea DEFAULT decode('992bcfb99ef1d6288ca080419956d99a8dae92b88e40349a1a90fbfadcfc526e', 'hex'))
    USING audit_immutable;
CREATE UNIQUE INDEX ON s.other (audit_chain, audit_seq);
BEGIN;
CREATE TRIGGER audit_immutable_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON s.other
    FOR EACH STATEMENT EXECUTE FUNCTION audit_immutable.guard(:'log_of_a');
CREATE TRIGGER audit_immutable_guard_row BEFORE UPDATE OR DELETE ON s.other
    FOR EACH ROW EXECUTE FUNCTION audit_immutable.guard(:'log_of_a');
SELECT audit_immutable.import('s.other', 'as s.a');
ROLLBACK;
DROP TABLE s.other;
SELECT audit_immutable.import('s.plain', 'a plain table');
