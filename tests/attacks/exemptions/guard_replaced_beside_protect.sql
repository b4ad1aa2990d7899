-- While protect creates the guards of a bait, a function in an index of the bait replaces and disables the guards of
-- another log, and of the bait itself once they are there.
-- role: app_owner
-- says: done
-- verify: intact
CREATE TABLE s.armed (yes bool);
CREATE TABLE s.tried (what text, state text);
CREATE FUNCTION s.attempt(statement text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE statement;
    INSERT INTO s.tried VALUES (statement, 'done');
EXCEPTION WHEN OTHERS THEN
    INSERT INTO s.tried VALUES (statement, SQLSTATE);
END $$;
CREATE FUNCTION s.work() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM s.armed) THEN RETURN; END IF;
    PERFORM s.attempt('ALTER TABLE s.a DISABLE TRIGGER audit_immutable_guard');
    PERFORM s.attempt('DROP TRIGGER audit_immutable_guard_row ON s.a');
    PERFORM s.attempt('ALTER TABLE s.a RENAME TO b');
    PERFORM s.attempt('DROP TABLE s.a');
    PERFORM s.attempt('DROP INDEX s.a_audit_chain_audit_seq_idx');
    PERFORM s.attempt('ALTER TABLE s.a SET ACCESS METHOD heap');
    PERFORM s.attempt('DROP TRIGGER audit_immutable_guard ON s.bait');
END $$;
CREATE FUNCTION s.evil(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM s.work(); RETURN $1; END $$;
CREATE TABLE s.bait (id int);
INSERT INTO s.bait VALUES (1);
CREATE INDEX ON s.bait (s.evil(id)) WHERE s.evil(1) > 0;
INSERT INTO s.armed VALUES (true);
SELECT audit_immutable.protect('s.bait', order_by => ARRAY['id']) IS NOT NULL;
SELECT audit_immutable.retire('s.bait', 'the end') IS NULL;
SELECT 1 / (count(*) FILTER (WHERE state = 'done') = 0 AND count(*) > 0)::int FROM s.tried;
