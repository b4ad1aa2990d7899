-- Attacks that once worked, or almost.
\a\t\set QUIET on
CREATE SCHEMA attack;
GRANT USAGE, CREATE ON SCHEMA attack TO bob;
SET search_path = attack, public;
-- The aggregate behind verify, called by hand: no crash, and no rows of a table one may not read.
CREATE TABLE secret (a text) USING audit_immutable;
INSERT INTO secret VALUES ('hidden');
SET ROLE bob;
CREATE TABLE mine (a text) USING audit_immutable;
INSERT INTO mine VALUES ('seen');
SELECT audit_immutable.check_rows(NULL, NULL, NULL, true) IS NULL;
SELECT audit_immutable.check_rows(NULL, NULL, NULL, NULL) IS NULL;
SELECT test.refused($$SELECT audit_immutable.check_rows('secret'::regclass, 0, 1, true)$$);
SELECT test.refused($$SELECT audit_immutable.check_rows(o, 0, 1, true) FROM
    (VALUES ('mine'::regclass::oid), ('secret'::regclass::oid)) AS v (o)$$);
SELECT test.refused($$SELECT audit_immutable.check_rows('pg_class'::regclass, 0, 1, true)$$);
-- A minor version of PostgreSQL says that there is no such function, or that nobody writes a value of type internal.
SELECT said ~ '^(42883|0A000): ' FROM test.refused($$SELECT audit_immutable.check_row(NULL, 'mine'::regclass, 0, 1, true)$$) AS said LIMIT 1;
-- Nobody but a superuser makes a table look like a log.
SELECT test.refused($$CREATE TRIGGER audit_immutable_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON mine
    FOR EACH STATEMENT EXECUTE FUNCTION audit_immutable.guard('00000000-0000-8000-8000-000000000002')$$);
RESET ROLE;
SELECT test.state('mine'), test.state('secret');
-- Only the very index serves: not one with further columns, not one in another order.
CREATE TABLE wide (a bigint, b bigint, c bigint, d bigint) USING audit_immutable;
CREATE UNIQUE INDEX wide_more ON wide (audit_chain, audit_seq) INCLUDE (a, b, c, d);
CREATE UNIQUE INDEX wide_down ON wide (audit_chain, audit_seq DESC);
REINDEX INDEX CONCURRENTLY wide_audit_chain_audit_seq_idx;
CREATE TABLE void (a int) USING audit_immutable;
INSERT INTO wide VALUES (1);
INSERT INTO wide VALUES (2);
SELECT test.state('wide');
-- It cannot be dropped, though the others can. Taken away all the same, it is missed.
SELECT test.refused('DROP INDEX wide_audit_chain_audit_seq_idx');
DROP INDEX wide_more;
SELECT test.state('wide');
\c -
SET search_path = attack, public;
BEGIN;
DELETE FROM pg_index WHERE indexrelid = 'wide_audit_chain_audit_seq_idx'::regclass;
SELECT kind, detail FROM audit_immutable.findings('wide');
SELECT armed, rows, heads FROM audit_immutable.status WHERE relation = 'wide'::regclass;
SELECT test.refused('INSERT INTO wide VALUES (3)');
SELECT test.refused($$SELECT audit_immutable.export('wide')$$);
ROLLBACK;
-- One that is there, and does not lead to the rows, is found.
\c -
SET search_path = attack, public;
BEGIN;
UPDATE pg_class SET relfilenode = (SELECT relfilenode FROM pg_class WHERE oid = 'void_audit_chain_audit_seq_idx'::regclass)
    WHERE oid = 'wide_audit_chain_audit_seq_idx'::regclass;
SELECT kind, detail FROM audit_immutable.findings('wide');
ROLLBACK;
SELECT test.state('wide');
-- A cursor that fails in a savepoint takes no chain's lock with it: the rows before it are still there.
CREATE TABLE fetched (i int) USING audit_immutable;
CREATE FUNCTION fetched(int) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO fetched VALUES ($1);
    IF $1 = 3 THEN RAISE EXCEPTION 'three'; END IF;
    RETURN $1;
END $$;
BEGIN;
DECLARE c CURSOR FOR SELECT fetched(i) FROM generate_series(1, 10) AS i;
FETCH 2 FROM c;
SAVEPOINT s;
\set VERBOSITY terse
FETCH 2 FROM c;
\set VERBOSITY default
ROLLBACK TO s;
SELECT count(*) > 0 AS held FROM pg_locks WHERE locktype = 'advisory' AND classid = 'fetched'::regclass;
COMMIT;
SELECT test.state('fetched');
-- RETURNING answers each row's own hash, also when a function it calls inserts.
CREATE TABLE root (i int) PARTITION BY LIST (i);
CREATE TABLE leaf PARTITION OF root DEFAULT USING audit_immutable;
CREATE FUNCTION inner_insert(i int) RETURNS int LANGUAGE sql AS $$ INSERT INTO attack.root VALUES (i + 100) RETURNING i $$;
CREATE TEMP TABLE returned AS WITH it AS (
    INSERT INTO root VALUES (1), (2) RETURNING inner_insert(i) AS f, i, audit_seq, audit_hash) SELECT * FROM it;
SELECT i, r.audit_hash = l.audit_hash AS same FROM returned AS r JOIN leaf AS l USING (i, audit_seq) ORDER BY i;
SELECT test.state('leaf');
-- What would come to stand around a log is refused.
SELECT test.refused('CREATE TABLE heir () INHERITS (mine) USING heap');
SELECT test.refused('CREATE RULE swallow AS ON INSERT TO mine DO INSTEAD NOTHING');
CREATE TABLE heir (LIKE mine) USING heap;
SELECT test.refused('ALTER TABLE heir INHERIT mine');
SELECT test.refused('ALTER TABLE mine INHERIT heir');
CREATE RULE swallow AS ON INSERT TO heir DO INSTEAD NOTHING;
SELECT test.state('mine');
-- Come there by hand, it is found.
\c -
SET search_path = attack, public;
BEGIN;
INSERT INTO pg_inherits VALUES ('heir'::regclass, 'mine'::regclass, 1, false);
UPDATE pg_class SET relhassubclass = true WHERE oid = 'mine'::regclass;
SELECT kind, detail FROM audit_immutable.findings('mine');
ROLLBACK;
\c -
SET search_path = attack, public;
BEGIN;
INSERT INTO pg_inherits VALUES ('mine'::regclass, 'heir'::regclass, 1, false);
SELECT kind, detail FROM audit_immutable.findings('mine');
ROLLBACK;
\c -
SET search_path = attack, public;
BEGIN;
UPDATE pg_rewrite SET ev_class = 'mine'::regclass WHERE ev_class = 'heir'::regclass;
UPDATE pg_class SET relhasrules = true WHERE oid = 'mine'::regclass;
SELECT kind, detail FROM audit_immutable.findings('mine');
ROLLBACK;
SELECT test.state('mine');
-- A session that has loaded the library edits no catalog by hand.
SELECT test.refused($$UPDATE pg_rewrite SET ev_class = 'mine'::regclass WHERE ev_class = 'heir'::regclass$$);
SELECT test.refused($$INSERT INTO pg_inherits VALUES ('heir'::regclass, 'mine'::regclass, 1, false)$$) LIMIT 1;
SELECT test.refused($$DELETE FROM pg_index WHERE indexrelid = 'wide_audit_chain_audit_seq_idx'::regclass$$) LIMIT 1;
SELECT test.refused($$SELECT test.take_trigger('mine', 'audit_immutable_guard%')$$) LIMIT 1;
SELECT test.refused($$SELECT test.edit_trigger('mine', 'audit_immutable_guard%', 'tgenabled = tgenabled')$$) LIMIT 1;
SELECT test.refused($$SELECT test.store_by('mine', 'heap')$$) LIMIT 1;
SELECT test.state('mine'), test.state('wide');
-- The end of a bigint.
SELECT test.refused($$SELECT audit_immutable.line('mine', 1, -9223372036854775808)$$);
SELECT test.refused($$SELECT audit_immutable.line('mine', 1, 9223372036854775807)$$);
-- A root takes no log with it, until that is retired; nor do a schema and an owner.
SELECT test.refused('DROP TABLE root');
SELECT test.refused('DROP SCHEMA attack CASCADE');
SELECT test.refused('DROP OWNED BY bob');
SELECT test.state('leaf'), test.state('mine');
SELECT FROM audit_immutable.retire('leaf', 'the test is over');
DROP TABLE root;
SELECT to_regclass('leaf') IS NULL AS gone;
SELECT relation, first_finding FROM audit_immutable.verify() WHERE NOT intact;
