-- Who may compute hashes, and owns a table, has rows that never were taken for another database's log.
-- role: attacker
-- says: 42501 / 42501
-- verify: intact
SELECT audit_immutable.import('m.mine', 'mine');
\connect - app_owner
SELECT audit_immutable.import('s.a', 'mine');
