-- Whoever locks a log of his own hides the state of all logs: the views wait for him.
-- role: app_owner
-- says: done
-- verify: intact
SELECT dblink_connect_u('holder', 'user=attacker dbname=' || current_database());
SELECT dblink_exec('holder', 'BEGIN');
SELECT dblink_exec('holder', 'LOCK TABLE m.mine IN ACCESS EXCLUSIVE MODE');
SET lock_timeout = '1s';
SELECT 1 / (rows = 10 AND NOT locked)::int FROM audit_immutable.status WHERE relation = 's.a'::regclass;
SELECT 1 / (opened_by = 'attacker')::int FROM audit_immutable.log WHERE relation::text = 'm.mine';
SELECT 1 / (audit_immutable.armed('m.mine'))::int;
SELECT dblink_exec('holder', 'ROLLBACK');
