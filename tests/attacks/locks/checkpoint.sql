-- Whoever locks a log of his own keeps everybody's rows out of every checkpoint, and nobody notices.
-- role: postgres
-- says: done
-- verify: intact
SELECT dblink_connect_u('holder', 'user=attacker dbname=' || current_database());
SELECT dblink_exec('holder', 'INSERT INTO m.mine VALUES (2, ''kept out'')');
SELECT dblink_exec('holder', 'BEGIN');
SELECT dblink_exec('holder', 'LOCK TABLE m.mine IN ACCESS EXCLUSIVE MODE');
INSERT INTO s.a (actor) VALUES ('in time');
SELECT audit_immutable.checkpoint() IS NOT NULL;
SELECT 1 / (max(r.last_seq) = 11)::int FROM audit_immutable.leaf_range AS r
    JOIN audit_immutable.log AS l USING (log) WHERE l.relation = 's.a'::regclass;
SELECT 1 / (count(*) = 1)::int FROM audit_immutable.event WHERE kind = 'checkpoint_skipped' AND relation = 'm.mine';
SELECT 1 / (locked AND skipped IS NOT NULL)::int FROM audit_immutable.status WHERE relation = 'm.mine'::regclass;
SELECT dblink_exec('holder', 'ROLLBACK');
SELECT audit_immutable.checkpoint() IS NOT NULL;
SELECT 1 / (max(r.last_seq) = 2)::int FROM audit_immutable.leaf_range AS r
    JOIN audit_immutable.log AS l USING (log) WHERE l.relation = 'm.mine'::regclass;
