-- A log is retired, changed and protected again, with rows where they were and in the chain where they were: what is
-- remembered of the chain's end is the earlier log's.
-- role: attacker
-- says: done
-- verify: intact
CREATE TABLE m.again (id int, v text) USING audit_immutable;
INSERT INTO m.again SELECT i, 'row ' || i FROM generate_series(1, 10) AS i;
SELECT audit_immutable.retire('m.again', 'for a change');
UPDATE m.again SET v = 'other' WHERE id = 10;
ALTER TABLE m.again DROP COLUMN audit_chain, DROP COLUMN audit_seq, DROP COLUMN audit_at, DROP COLUMN audit_session, DROP COLUMN audit_hash;
SELECT audit_immutable.protect('m.again');
INSERT INTO m.again VALUES (11, 'after');
SELECT audit_immutable.retire('m.again', 'and again');
DELETE FROM m.again WHERE id > 5;
ALTER TABLE m.again DROP COLUMN audit_chain, DROP COLUMN audit_seq, DROP COLUMN audit_at, DROP COLUMN audit_session, DROP COLUMN audit_hash;
SELECT audit_immutable.protect('m.again');
INSERT INTO m.again SELECT i, 'row ' || i FROM generate_series(1, 10) AS i;
SELECT 1 / (rows = 15)::int FROM audit_immutable.verify('m.again');
