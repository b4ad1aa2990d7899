-- What goes on record for good has no length: an owner fills the disk with reasons.
-- role: attacker
-- says: 22001 / 22001
-- verify: intact
SELECT audit_immutable.acknowledge('m.mine', repeat('x', 5000));
SELECT audit_immutable.retire('m.mine', repeat('x', 100000000));
