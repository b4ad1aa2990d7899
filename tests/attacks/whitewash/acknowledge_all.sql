-- An owner acknowledges in one call whatever is wrong with the logs of others, so that nobody looks at them any more.
-- role: attacker
-- says: 42501 / 42501 / 42501
-- verify: intact
SELECT audit_immutable.acknowledge_all('nothing to see');
\connect - app_owner
SELECT audit_immutable.acknowledge_all('nothing to see');
\connect - postgres
GRANT EXECUTE ON FUNCTION audit_immutable.acknowledge_all(text) TO app_owner;
\connect - app_owner
SELECT audit_immutable.acknowledge_all('nothing to see');
