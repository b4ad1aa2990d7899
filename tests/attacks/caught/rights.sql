-- Somebody becomes a superuser and owns what was another's, and a function of an attacker's runs as a superuser.
-- role: attacker
-- says: done
-- verify: intact
-- complains: somebody gained, a user's code ran as somebody else
\connect - postgres
ALTER ROLE attacker SUPERUSER;
ALTER SCHEMA s OWNER TO attacker;
INSERT INTO m.seen VALUES ('auditor', 'a function');
