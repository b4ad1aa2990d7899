-- The same by the index of a log: REINDEX leaves the table readable, and whoever reads along the chains waits.
-- role: postgres
-- says: done
-- verify: intact
SELECT dblink_connect_u('holder', 'user=attacker dbname=' || current_database());
SELECT dblink_exec('holder', 'BEGIN');
SELECT dblink_exec('holder', 'REINDEX INDEX m.mine_audit_chain_audit_seq_idx');
SET lock_timeout = '200ms';
SELECT 1 / (count(*) = 1)::int FROM audit_immutable.verify()
    WHERE NOT intact AND relation = 'm.mine'::regclass AND first_finding LIKE 'not_checked: %';
SELECT 1 / (count(*) = 1)::int FROM audit_immutable.status WHERE locked;
SELECT audit_immutable.checkpoint() IS NOT NULL;
SELECT dblink_exec('holder', 'ROLLBACK');
