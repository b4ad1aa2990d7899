-- The log of another database is put into this one and not imported: no checkpoint could be made of anybody's rows.
-- role: postgres
-- says: done
-- verify: guard_missing schema_changed modified session_missing
CREATE TABLE m.forged (id int,
    audit_chain int DEFAULT -1358631719, audit_seq bigint DEFAULT -4424792970956690659, audit_at timestamptz DEFAULT '-infinity',
    audit_session bigint DEFAULT -7738114663614724860,
    audit_hash bytea DEFAULT decode('992bcfb99ef1d6288ca080419956d99a8dae92b88e40349a1a90fbfadcfc526e', 'hex'))
    USING audit_immutable;
INSERT INTO m.forged VALUES (1, 1, 1, '2020-01-01 00:00:01+00', 7, sha256('one'));
CREATE UNIQUE INDEX ON m.forged (audit_chain, audit_seq);
CREATE TRIGGER audit_immutable_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON m.forged
    FOR EACH STATEMENT EXECUTE FUNCTION audit_immutable.guard('12345678-1234-4123-8123-123456789012');
CREATE TRIGGER audit_immutable_guard_row BEFORE UPDATE OR DELETE ON m.forged
    FOR EACH ROW EXECUTE FUNCTION audit_immutable.guard('12345678-1234-4123-8123-123456789012');
ALTER TABLE m.forged ENABLE ALWAYS TRIGGER audit_immutable_guard, ENABLE ALWAYS TRIGGER audit_immutable_guard_row;
INSERT INTO s.a (actor) VALUES ('in time');
SELECT 1 / (audit_immutable.checkpoint() IS NOT NULL)::int;
SELECT 1 / (max(r.last_seq) = 11)::int FROM audit_immutable.leaf_range AS r
    JOIN audit_immutable.log AS l USING (log) WHERE l.relation = 's.a'::regclass;
SELECT 1 / (count(*) = 1)::int FROM audit_immutable.event WHERE kind = 'checkpoint_skipped' AND relation = 'm.forged';
