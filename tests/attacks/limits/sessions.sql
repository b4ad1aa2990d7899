-- Once the numbers of sessions are used up, no new session can write to any log. They are random, and nothing counts them.
-- role: attacker
-- says: 42P01 / 42501
-- verify: intact
SELECT setval('audit_immutable.session_id_seq', 9223372036854775807);
INSERT INTO audit_immutable.session (id) VALUES (9223372036854775807);
\connect - app_rw
INSERT INTO s.a (actor) VALUES ('a new session');
