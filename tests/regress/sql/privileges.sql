-- Who may call what, and what it tells whom.
CREATE SCHEMA private;
SET search_path = private;
\a
\t on
-- Every function of the extension, and whether everybody may call it. A new one shows up here.
SELECT p.oid::regprocedure, has_function_privilege('carol', p.oid, 'EXECUTE') AS everybody, has_function_privilege('pg_monitor', p.oid, 'EXECUTE') AS monitor, p.prosecdef AS definer, p.proconfig
FROM pg_proc AS p WHERE pronamespace = 'audit_immutable'::regnamespace ORDER BY p.oid::regprocedure::text COLLATE "C";
-- And every table and view.
SELECT c.oid::regclass, c.relkind, has_table_privilege('carol', c.oid, 'SELECT') AS everybody_reads, has_any_column_privilege('carol', c.oid, 'INSERT, UPDATE') AS everybody_writes
FROM pg_class AS c WHERE relnamespace = 'audit_immutable'::regnamespace AND relkind IN ('r', 'v', 'S') ORDER BY c.oid::regclass::text COLLATE "C";
-- alice owns the log; bob may read it; carol may do nothing.
GRANT USAGE ON SCHEMA private TO PUBLIC;
GRANT CREATE ON SCHEMA private TO alice;
CREATE TABLE secret (word text) USING audit_immutable;
INSERT INTO secret VALUES ('swordfish'), ('xyzzy');
CREATE TABLE plain (word text);
ALTER TABLE secret OWNER TO alice;
ALTER TABLE plain OWNER TO alice;
GRANT SELECT ON secret TO bob;
SET ROLE carol;
SELECT test.refused('SELECT * FROM audit_immutable.verify(''private.secret'')') LIMIT 1;
SELECT test.refused('SELECT * FROM audit_immutable.verify()') LIMIT 1;
SELECT test.refused('SELECT * FROM audit_immutable.findings(''private.secret'')') LIMIT 1;
SELECT test.refused('SELECT * FROM audit_immutable.line(''private.secret'', 1, 1)') LIMIT 1;
SELECT test.refused('SELECT * FROM audit_immutable.export(''private.secret'')') LIMIT 1;
SELECT test.refused('SELECT * FROM audit_immutable.heads(''private.secret'')') LIMIT 1;
SELECT test.refused('SELECT audit_immutable.check_rows(''private.secret''::regclass, 0, 1, true)') LIMIT 1;
SELECT test.refused('SELECT audit_immutable.protect(''private.plain'')') LIMIT 1;
SELECT test.refused('SELECT audit_immutable.protect(''private.secret'')') LIMIT 1;
SELECT test.refused('SELECT audit_immutable.retire(''private.secret'', ''mine now'')') LIMIT 1;
SELECT test.refused('SELECT audit_immutable.retire(''audit_immutable.event'', ''mine now'')') LIMIT 1;
SELECT test.refused('SELECT audit_immutable.acknowledge(''private.secret'', ''mine now'')') LIMIT 1;
SELECT left(test.refused('SELECT audit_immutable.guard()'), 5) LIMIT 1;
SELECT left(test.refused('SELECT audit_immutable.check()'), 5) LIMIT 1;
SELECT left(test.refused('SELECT audit_immutable.finish()'), 5) LIMIT 1;
SELECT left(test.refused('SELECT audit_immutable.finish_create()'), 5) LIMIT 1;
SELECT left(test.refused('SELECT audit_immutable.refuse_rewrite()'), 5) LIMIT 1;
SELECT said ~ '^(42883|0A000): ' FROM test.refused('SELECT audit_immutable.handler(NULL)') AS said LIMIT 1;
SELECT test.refused('SELECT * FROM audit_immutable.session') LIMIT 1;
SELECT test.refused('SELECT * FROM audit_immutable.opening') LIMIT 1;
SELECT test.refused('SELECT * FROM audit_immutable.event') LIMIT 1;
SELECT test.refused('SELECT * FROM audit_immutable.attempt') LIMIT 1;
-- What is in the catalog for everybody to read anyway.
SELECT audit_immutable.opening_line('private.secret')::json -> 'columns';
SELECT audit_immutable.armed('private.secret');
SELECT relation, armed, rows, heads FROM audit_immutable.status WHERE relation = 'secret'::regclass;
SELECT relation, columns FROM audit_immutable.log WHERE relation = 'secret'::regclass;
SELECT audit_immutable.library_version() <> '', audit_immutable.preloaded(), audit_immutable.attempts_dropped();
SELECT count(*) > 50 FROM audit_immutable.policy();
-- carol's own table under a name like that of another's does not lend her a view of it.
CREATE TEMP TABLE secret (word text);
SELECT test.refused('SELECT audit_immutable.retire(''secret'', ''a table of mine'')') LIMIT 1;
-- bob, who may read.
SET ROLE bob;
SELECT intact, rows FROM audit_immutable.verify('private.secret');
SELECT count(*) FROM audit_immutable.findings('private.secret');
SELECT count(*) FROM audit_immutable.export('private.secret');
SELECT count(*) FROM audit_immutable.heads('private.secret');
SELECT test.refused('SELECT audit_immutable.retire(''private.secret'', ''I can read it'')') LIMIT 1;
SELECT test.refused('SELECT audit_immutable.protect(''private.plain'')') LIMIT 1;
SELECT test.refused('INSERT INTO private.secret VALUES (''no grant'')') LIMIT 1;
-- alice, who owns: nothing of what she calls lets her into the extension's tables.
SET ROLE alice;
INSERT INTO private.secret VALUES ('by its owner');
SELECT test.refused('INSERT INTO audit_immutable.event (kind) VALUES (''retire'')') LIMIT 1;
SELECT test.refused('SELECT * FROM audit_immutable.event') LIMIT 1;
RESET ROLE;
-- Every privilege there is on the extension's tables still does not write them.
GRANT ALL ON ALL TABLES IN SCHEMA audit_immutable TO bob;
SET ROLE bob;
SELECT test.refused('INSERT INTO audit_immutable.event (kind) VALUES (''retire'')') LIMIT 1;
SELECT test.refused('INSERT INTO audit_immutable.opening (log, line) VALUES (gen_random_uuid(), '''')') LIMIT 1;
SELECT test.refused('INSERT INTO audit_immutable.session (id) VALUES (1000000)') LIMIT 1;
SELECT test.refused('INSERT INTO audit_immutable.attempt (message) VALUES (''somebody else'')') LIMIT 1;
SELECT test.refused('DELETE FROM audit_immutable.event') LIMIT 1;
SELECT test.refused('TRUNCATE audit_immutable.event') LIMIT 1;
SELECT test.refused('UPDATE audit_immutable.session SET session_user_name = ''carol''') LIMIT 1;
CREATE FUNCTION pg_temp.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
SELECT test.refused('CREATE TRIGGER nothing BEFORE INSERT ON audit_immutable.session FOR EACH ROW EXECUTE FUNCTION pg_temp.nothing()') LIMIT 1;
RESET ROLE;
REVOKE ALL ON ALL TABLES IN SCHEMA audit_immutable FROM bob;
-- The owner ends it, with a reason; the event says who.
SET ROLE alice;
SELECT test.refused('SELECT audit_immutable.retire(NULL, ''x'')');
SELECT test.refused('SELECT audit_immutable.retire(''private.secret'', NULL)');
SELECT test.refused('SELECT audit_immutable.retire(''private.secret'', E'' \t\n'')') LIMIT 1;
SELECT test.refused('SELECT audit_immutable.retire(''private.plain'', ''no log'')') LIMIT 1;
SELECT audit_immutable.retire('private.secret', 'the word is out');
-- Its lines are still its lines, for who may read it.
SELECT intact, rows FROM audit_immutable.verify('private.secret');
SELECT count(*) FROM audit_immutable.export('private.secret');
SELECT test.refused('SELECT audit_immutable.retire(''private.secret'', ''again'')') LIMIT 1;
SET ROLE carol;
SELECT test.refused('SELECT * FROM audit_immutable.export(''private.secret'')') LIMIT 1;
SET ROLE alice;
UPDATE private.secret SET word = 'changed' WHERE word = 'xyzzy';
SELECT kind, chain, seq FROM audit_immutable.findings('private.secret');
ALTER TABLE private.secret RENAME TO was_secret;
SELECT count(*) FROM audit_immutable.export('private.was_secret');
DROP TABLE private.was_secret;
RESET ROLE;
SELECT number, kind, relation, role, reason, jsonb_array_length(detail -> 'heads') AS heads FROM audit_immutable.event WHERE relation = 'private.secret' ORDER BY number;
SELECT relation, first_finding FROM audit_immutable.verify() WHERE NOT intact;
