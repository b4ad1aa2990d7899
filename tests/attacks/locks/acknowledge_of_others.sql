-- Whoever may call acknowledge at all has it wait for the lock on somebody else's log, and everybody else behind it.
-- role: attacker
-- says: 42501 / 42501
-- verify: intact
SELECT dblink_connect_u('owner', 'user=app_owner dbname=' || current_database());
SELECT dblink_exec('owner', 'BEGIN; LOCK s.a IN SHARE UPDATE EXCLUSIVE MODE');
SET lock_timeout = '2s';
SELECT audit_immutable.acknowledge('s.a', 'to wait for it');
SELECT audit_immutable.retire('s.a', 'to wait for it');
