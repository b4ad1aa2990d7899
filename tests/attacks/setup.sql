-- What an attack finds, in a database of its own (roles.sql has the roles).
--
-- app_owner owns schema s with audit table a of ten rows, app_rw may insert there, attacker has nothing but its own
-- schema m (with an audit table of its own), auditor may read and verify. postgres is the superuser.
CREATE EXTENSION audit_immutable;
CREATE EXTENSION dblink;
GRANT EXECUTE ON FUNCTION dblink_connect_u(text), dblink_connect_u(text, text) TO PUBLIC;
CREATE SCHEMA m AUTHORIZATION attacker;
CREATE SCHEMA s AUTHORIZATION app_owner;
GRANT USAGE ON SCHEMA s TO app_rw, auditor;

SET ROLE app_owner;
CREATE TABLE s.a (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz, actor text, action text, details jsonb,
    n int) USING audit_immutable;
INSERT INTO s.a (at, actor, action, details, n)
    SELECT now(), 'actor ' || i, 'log in', jsonb_build_object('i', i), i FROM generate_series(1, 10) AS i;
CREATE TABLE s.plain (id int PRIMARY KEY, note text);
INSERT INTO s.plain VALUES (1, 'plain');
GRANT INSERT ON s.a TO app_rw;
GRANT SELECT ON s.a TO auditor;
SET ROLE attacker;
CREATE TABLE m.mine (id int, note text) USING audit_immutable;
INSERT INTO m.mine VALUES (1, 'the attacker''s own');
-- A function that is called where it should not be writes here as whom: SELECT m.note('where').
CREATE TABLE m.seen (who text, what text);
GRANT USAGE ON SCHEMA m TO PUBLIC;
GRANT INSERT ON m.seen TO PUBLIC;
CREATE FUNCTION m.note(what text) RETURNS void LANGUAGE sql AS $$ INSERT INTO m.seen VALUES (current_user, what) $$;
RESET ROLE;
SELECT audit_immutable.checkpoint();
