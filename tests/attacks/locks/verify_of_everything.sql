-- Whoever locks a log of his own keeps an auditor from verifying anything, or has what nobody looked at called intact.
-- role: postgres
-- says: done
-- verify: intact
SELECT dblink_connect_u('holder', 'user=attacker dbname=' || current_database());
SELECT dblink_exec('holder', 'BEGIN');
SELECT dblink_exec('holder', 'LOCK TABLE m.mine IN ACCESS EXCLUSIVE MODE');
SET lock_timeout = '200ms';
-- A division by zero tells of an answer that should be another.
SELECT 1 / (count(*) = 1)::int FROM audit_immutable.verify()
    WHERE NOT intact AND relation = 'm.mine'::regclass AND first_finding LIKE 'not_checked: %';
SELECT 1 / (count(*) = 1)::int FROM audit_immutable.verify() WHERE NOT intact;
SELECT dblink_exec('holder', 'ROLLBACK');
