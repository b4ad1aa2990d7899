-- Somebody who owns neither a log nor the extension forgives what is missing of it, or that an incarnation was begun over
-- a loss.
-- role: app_rw
-- says: 42501 / 42501 / 42501 / 42501
-- verify: intact
SELECT audit_immutable.acknowledge('s.a', 'nothing happened');
SELECT audit_immutable.acknowledge('audit_immutable.incarnation', 'nothing happened');
\connect - app_owner
SELECT audit_immutable.acknowledge('audit_immutable.incarnation', 'nothing happened');
\connect - auditor
SELECT audit_immutable.acknowledge('audit_immutable.incarnation', 'nothing happened');
