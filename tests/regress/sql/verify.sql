-- Reading the evidence: shapes, who may, and what the catalog must say.
CREATE SCHEMA evidence;
SET search_path = evidence;
\a
CREATE TABLE t (id int PRIMARY KEY, note text) USING audit_immutable;
INSERT INTO t SELECT i, 'row ' || i FROM generate_series(1, 5) AS i;
CREATE TABLE empty (id int) USING audit_immutable;
CREATE TABLE plain (id int);
CREATE VIEW seen AS SELECT id FROM t;
-- Shapes.
SELECT relation, intact, rows, chains, findings, first_finding, took >= '0' AS took FROM audit_immutable.verify('t');
SELECT relation, intact, rows, chains, findings, first_finding FROM audit_immutable.verify('empty');
SELECT * FROM audit_immutable.findings('t');
SELECT chain, seq, hash = (SELECT audit_hash FROM t WHERE id = 5) AS last FROM audit_immutable.heads('t');
SELECT * FROM audit_immutable.heads('empty');
SELECT relation, armed, rows, chains, cardinality(heads) AS heads, heads[1] ~ '^1:5:[0-9a-f]{64}$' AS head, version, preloaded
FROM audit_immutable.status WHERE relation = 't'::regclass;
SELECT relation, armed, rows, chains, heads FROM audit_immutable.status WHERE relation = 'empty'::regclass;
SELECT relation, log = (audit_immutable.opening_line('t')::json ->> 'log')::uuid AS log, chains, opened < now() AS opened, opened_by, opened_as, columns
FROM audit_immutable.log WHERE relation = 't'::regclass;
SELECT relation FROM audit_immutable.log WHERE opened_by = 'audit_immutable' ORDER BY 1;
SELECT count(*) AS lines, count(*) FILTER (WHERE line::json -> 'row' IS NULL) AS opening FROM audit_immutable.export('t') AS line;
SELECT nth, line = audit_immutable.opening_line('t') AS opening, CASE WHEN nth > 1 THEN line = audit_immutable.line('t', 1, nth - 1) END AS line
FROM audit_immutable.export('t') WITH ORDINALITY AS x (line, nth) WHERE nth IN (1, 2, 6);
-- The export is a chain by itself: each prev is the hash of the line before.
SELECT count(*) AS links, count(*) FILTER (WHERE prev = encode(sha256(convert_to(before, 'UTF8')), 'hex')) AS right
FROM (SELECT line::json ->> 'prev' AS prev, lag(line) OVER (ORDER BY nth) AS before FROM audit_immutable.export('t') WITH ORDINALITY AS x (line, nth)) AS y
WHERE before IS NOT NULL;
SELECT count(*) FROM audit_immutable.export('empty');
-- In part, several at once, and in a cursor.
SELECT count(*) FROM (SELECT audit_immutable.export('t') LIMIT 2) AS x;
SELECT count(*) FROM audit_immutable.export('t') AS a, audit_immutable.export('t') AS b;
BEGIN;
DECLARE c CURSOR FOR SELECT (line::json ->> 'seq')::int FROM audit_immutable.export('t') AS line;
FETCH 3 FROM c;
INSERT INTO t VALUES (6, 'row 6');
FETCH ALL FROM c;
ROLLBACK;
-- More lines than one batch.
CREATE TABLE many (id int) USING audit_immutable;
INSERT INTO many SELECT generate_series(1, 1700);
SELECT count(*), count(DISTINCT line) FROM audit_immutable.export('many') AS line;
\t on
-- What is not there.
SELECT test.refused('SELECT audit_immutable.line(''t'', 1, 6)');
SELECT test.refused('SELECT audit_immutable.line(''t'', 2, 1)') LIMIT 1;
SELECT test.refused('SELECT audit_immutable.line(''t'', 1, 0)') LIMIT 1;
SELECT audit_immutable.line('t', NULL, 1) IS NULL, audit_immutable.opening_line(NULL) IS NULL;
SELECT count(*) FROM audit_immutable.findings(NULL);
-- What is no audit table.
SELECT test.refused('SELECT * FROM audit_immutable.verify(''plain'')');
SELECT test.refused('SELECT * FROM audit_immutable.findings(''plain'')') LIMIT 1;
SELECT test.refused('SELECT audit_immutable.export(''plain'')') LIMIT 1;
SELECT test.refused('SELECT audit_immutable.line(''plain'', 1, 1)') LIMIT 1;
SELECT test.refused('SELECT audit_immutable.heads(''plain'')') LIMIT 1;
SELECT test.refused('SELECT audit_immutable.verify(''seen'')') LIMIT 1;
SELECT test.refused('SELECT audit_immutable.verify(''t_pkey'')') LIMIT 1;
SELECT test.refused('SELECT audit_immutable.verify(''pg_class'')') LIMIT 1;
SELECT left(test.refused('SELECT audit_immutable.verify(0::regclass)'), 5) LIMIT 1;
SELECT test.refused('SELECT audit_immutable.opening_line(''plain'')') LIMIT 1;
-- NULL: every log of the database, the extension's own included.
SELECT (SELECT count(*) FROM audit_immutable.verify()) = (SELECT count(*) FROM audit_immutable.log) AS all_logs;
SELECT relation, intact FROM audit_immutable.verify() WHERE relation::text ~ '^audit_immutable|^t$|^empty$' ORDER BY 1;
SELECT relation, first_finding FROM audit_immutable.verify() WHERE NOT intact;
-- READ ONLY, in any isolation level; it writes nothing.
BEGIN READ ONLY;
SELECT intact, rows FROM audit_immutable.verify('t');
SELECT count(*) FROM audit_immutable.findings('t');
SELECT count(*) FROM audit_immutable.export('t');
SELECT length(audit_immutable.line('t', 1, 1)) > 0, length(audit_immutable.opening_line('t')) > 0;
SELECT rows FROM audit_immutable.status WHERE relation = 't'::regclass;
SELECT pg_current_xact_id_if_assigned();
COMMIT;
BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE;
SELECT intact, rows FROM audit_immutable.verify('t');
COMMIT;
SET default_transaction_read_only = on;
SELECT bool_and(intact) FROM audit_immutable.verify();
RESET default_transaction_read_only;
-- Rows of the transaction itself count; its snapshot decides what is there.
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT rows FROM audit_immutable.verify('t');
INSERT INTO t VALUES (6, 'row 6');
SELECT intact, rows FROM audit_immutable.verify('t');
SELECT seq FROM audit_immutable.heads('t');
ROLLBACK;
-- Two workers see the same.
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET max_parallel_workers_per_gather = 2;
CREATE TABLE wide (id int, filler text) USING audit_immutable;
INSERT INTO wide SELECT i, repeat('x', 500) FROM generate_series(1, 2000) AS i;
SELECT intact, rows, chains FROM audit_immutable.verify('wide');
SELECT count(*) FROM audit_immutable.findings('wide');
SELECT relation, first_finding FROM audit_immutable.verify() WHERE NOT intact;
BEGIN;
INSERT INTO wide SELECT i, repeat('x', 500) FROM generate_series(1, 2000) AS i;
SELECT intact, rows, chains FROM audit_immutable.verify('wide');
ROLLBACK;
RESET parallel_setup_cost; RESET parallel_tuple_cost; RESET min_parallel_table_scan_size; RESET max_parallel_workers_per_gather;
-- Planner settings do not matter.
SET enable_seqscan = off;
SELECT intact, rows FROM audit_immutable.verify('t');
SELECT seq FROM audit_immutable.heads('t');
RESET enable_seqscan;
SET enable_indexscan = off; SET enable_bitmapscan = off; SET enable_indexonlyscan = off; SET enable_tidscan = off;
SELECT intact, rows FROM audit_immutable.verify('t');
SELECT seq FROM audit_immutable.heads('t');
SELECT count(*) FROM audit_immutable.export('many');
RESET enable_indexscan; RESET enable_bitmapscan; RESET enable_indexonlyscan; RESET enable_tidscan;
-- Operators that come first in somebody's search_path are not asked.
CREATE SCHEMA first;
CREATE FUNCTION first.no(int, int) RETURNS bool IMMUTABLE LANGUAGE sql AS 'SELECT false';
CREATE FUNCTION first.no(bigint, bigint) RETURNS bool IMMUTABLE LANGUAGE sql AS 'SELECT false';
CREATE OPERATOR first.= (LEFTARG = int, RIGHTARG = int, FUNCTION = first.no);
CREATE OPERATOR first.= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = first.no);
CREATE OPERATOR first.> (LEFTARG = int, RIGHTARG = int, FUNCTION = first.no);
SET search_path = first, evidence, pg_catalog;
SELECT audit_immutable.line('t', 1, 2) IS NOT NULL;
SELECT count(*) FROM audit_immutable.export('many');
SELECT intact, rows FROM audit_immutable.verify('t');
SELECT rows FROM audit_immutable.status WHERE relation::text OPERATOR(pg_catalog.=) 't';
BEGIN;
INSERT INTO t VALUES (6, 'row 6') RETURNING audit_chain, audit_seq;
ROLLBACK;
SET search_path = evidence;
-- Who may not read the rows may not read the evidence.
GRANT USAGE ON SCHEMA evidence TO alice, bob;
SET ROLE alice;
SELECT test.refused('SELECT * FROM audit_immutable.verify(''t'')');
SELECT test.refused('SELECT * FROM audit_immutable.findings(''t'')');
SELECT test.refused('SELECT audit_immutable.export(''t'')');
SELECT test.refused('SELECT audit_immutable.line(''t'', 1, 1)');
SELECT test.refused('SELECT audit_immutable.heads(''t'')');
SELECT test.refused('SELECT * FROM audit_immutable.verify()') LIMIT 1;
-- In status, such a log has no numbers.
SELECT relation, armed, rows, chains, heads FROM audit_immutable.status WHERE relation = 't'::regclass;
RESET ROLE;
GRANT SELECT (id) ON t TO alice;
SET ROLE alice;
SELECT test.refused('SELECT * FROM audit_immutable.verify(''t'')') LIMIT 1;
RESET ROLE;
GRANT SELECT ON t TO alice, bob;
SET ROLE alice;
SELECT intact, rows FROM audit_immutable.verify('t');
SELECT count(*) FROM audit_immutable.export('t');
SELECT rows FROM audit_immutable.status WHERE relation = 't'::regclass;
RESET ROLE;
-- Row level security: no verdict over some of the rows.
CREATE POLICY part ON t FOR SELECT USING (id > 3);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
SET ROLE bob;
SELECT count(*) FROM t;
SELECT test.refused('SELECT * FROM audit_immutable.verify(''t'')');
SELECT test.refused('SELECT * FROM audit_immutable.findings(''t'')') LIMIT 1;
SELECT test.refused('SELECT audit_immutable.export(''t'')') LIMIT 1;
SELECT test.refused('SELECT audit_immutable.line(''t'', 1, 1)') LIMIT 1;
SELECT test.refused('SELECT audit_immutable.heads(''t'')') LIMIT 1;
SELECT rows FROM audit_immutable.status WHERE relation = 't'::regclass;
SET row_security = off;
SELECT test.refused('SELECT * FROM audit_immutable.verify(''t'')') LIMIT 1;
RESET row_security;
RESET ROLE;
-- Not so for a superuser, for whom nothing is hidden; nor for an owner, unless it is forced.
SELECT intact, rows FROM audit_immutable.verify('t');
ALTER TABLE t OWNER TO carol;
GRANT USAGE ON SCHEMA evidence TO carol;
SET ROLE carol;
SELECT intact, rows FROM audit_immutable.verify('t');
ALTER TABLE t FORCE ROW LEVEL SECURITY;
SELECT test.refused('SELECT * FROM audit_immutable.verify(''t'')') LIMIT 1;
SELECT test.refused('SELECT audit_immutable.export(''t'')') LIMIT 1;
RESET ROLE;
SELECT intact, rows FROM audit_immutable.verify('t');
-- It does not stand in the way of writing: the chain's head is read past it.
CREATE POLICY any_row ON t FOR INSERT WITH CHECK (true);
SET ROLE carol;
INSERT INTO t VALUES (6, 'row 6'), (1000, 'row 1000');
RESET ROLE;
SELECT id, audit_chain, audit_seq FROM t WHERE id > 5 ORDER BY 1;
SELECT intact, rows FROM audit_immutable.verify('t');
-- A role that may insert but not select writes on in the same chain.
GRANT INSERT ON empty TO bob;
SET ROLE bob;
INSERT INTO empty VALUES (1);
INSERT INTO empty VALUES (2);
RESET ROLE;
SELECT test.state('empty');
-- Guards that are gone or off. No command does that (regress `refuse`): by hand, in a session that has not loaded the library.
\t off
\c -
SET search_path = evidence;
BEGIN;
SELECT FROM test.edit_trigger('t', 'audit_immutable_guard_row', $$tgenabled = 'D'$$);
SELECT intact, rows, findings, first_finding FROM audit_immutable.verify('t');
ROLLBACK;
\c -
SET search_path = evidence;
BEGIN;
SELECT FROM test.edit_trigger('t', 'audit_immutable_guard_row', $$tgenabled = 'O'$$);
SELECT * FROM audit_immutable.findings('t');
ROLLBACK;
\c -
SET search_path = evidence;
BEGIN;
SELECT FROM test.edit_trigger('t', 'audit_immutable_guard_row', $$tgenabled = 'R'$$);
SELECT * FROM audit_immutable.findings('t');
-- This is the one way back, and it is open.
ALTER TABLE t ENABLE ALWAYS TRIGGER audit_immutable_guard_row;
SELECT intact, rows FROM audit_immutable.verify('t');
ROLLBACK;
\c -
SET search_path = evidence;
BEGIN;
SELECT FROM test.take_trigger('t', 'audit_immutable_guard');
SELECT * FROM audit_immutable.findings('t');
SELECT armed FROM audit_immutable.status WHERE relation = 't'::regclass;
ROLLBACK;
\c -
SET search_path = evidence;
BEGIN;
SELECT FROM test.take_trigger('t', 'audit_immutable_guard%');
SELECT * FROM audit_immutable.findings('t');
SELECT armed FROM audit_immutable.status WHERE relation = 't'::regclass;
ROLLBACK;
-- A trigger of that name that does something else is no guard.
CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
\c -
SET search_path = evidence;
BEGIN;
SELECT FROM test.edit_trigger('t', 'audit_immutable_guard', $$tgfoid = 'nothing'::regproc$$);
SELECT * FROM audit_immutable.findings('t');
ROLLBACK;
-- Nor one that stands for fewer events, of fewer columns, under a condition, or of another name.
\c -
SET search_path = evidence;
BEGIN;
SELECT FROM test.edit_trigger('t', 'audit_immutable_guard', $$tgtype = 18$$);
SELECT * FROM audit_immutable.findings('t');
ROLLBACK;
\c -
SET search_path = evidence;
BEGIN;
SELECT FROM test.edit_trigger('t', 'audit_immutable_guard_row', $$tgattr = '1'$$);
SELECT * FROM audit_immutable.findings('t');
ROLLBACK;
CREATE TABLE conditional (id int, note text);
CREATE TRIGGER never BEFORE UPDATE ON conditional FOR EACH STATEMENT WHEN (false) EXECUTE FUNCTION nothing();
\c -
SET search_path = evidence;
BEGIN;
SELECT FROM test.edit_trigger('t', 'audit_immutable_guard', $$tgqual = (SELECT tgqual FROM pg_trigger WHERE tgname = 'never')$$);
SELECT * FROM audit_immutable.findings('t');
ROLLBACK;
\c -
SET search_path = evidence;
BEGIN;
SELECT FROM test.edit_trigger('t', 'audit_immutable_guard', $$tgname = 'guard'$$);
SELECT * FROM audit_immutable.findings('t') WHERE kind = 'guard_missing';
ROLLBACK;
-- Nor those of another log.
\c -
SET search_path = evidence;
BEGIN;
SELECT FROM test.edit_trigger('t', 'audit_immutable_guard%', $$tgargs = (SELECT tgargs FROM pg_trigger WHERE tgrelid = 'evidence.many'::regclass AND tgname = 'audit_immutable_guard')$$);
SELECT kind, regexp_replace(detail, '[0-9a-f]{8}-[0-9a-f-]{27}', 'LOG'), count(*) FROM audit_immutable.findings('t') WHERE kind <> 'modified' GROUP BY 1, 2 ORDER BY 1, 2;
SELECT detail FROM audit_immutable.findings('many');
ROLLBACK;
\c -
SET search_path = evidence;
BEGIN;
DELETE FROM pg_index WHERE indexrelid = 't_audit_chain_audit_seq_idx'::regclass;
SELECT * FROM audit_immutable.findings('t');
SELECT test.refused('INSERT INTO t VALUES (7)');
ROLLBACK;
-- The guards that are no triggers of the table are missed in every log.
\c -
SET search_path = evidence;
BEGIN;
ALTER EVENT TRIGGER audit_immutable_check DISABLE;
ALTER EVENT TRIGGER audit_immutable_refuse_rewrite ENABLE;
SELECT * FROM audit_immutable.findings('t');
SELECT count(*) = (SELECT count(*) FROM audit_immutable.log) AS all_logs FROM audit_immutable.verify() WHERE NOT intact;
ROLLBACK;
\c -
SET search_path = evidence;
BEGIN;
UPDATE pg_proc SET prosrc = 'verify_wrapper' WHERE oid = 'audit_immutable.retire'::regproc;
SELECT * FROM audit_immutable.findings('t');
ROLLBACK;
-- Columns that are not those of the opening line. Commands that would make them so are refused.
SELECT test.refused('ALTER TABLE t ALTER note TYPE "char"');
SELECT test.refused('ALTER TABLE t RENAME note TO remark');
SELECT test.refused('ALTER TABLE t DROP note');
SELECT test.refused('ALTER TABLE t ALTER id TYPE text USING ''x''') LIMIT 1;
SELECT test.refused('ALTER TABLE t ALTER note TYPE text USING ''x''') LIMIT 1;
SELECT test.refused('ALTER TABLE t DROP audit_hash') LIMIT 1;
SELECT test.refused('ALTER TABLE t DROP audit_hash CASCADE') LIMIT 1;
SELECT test.refused('ALTER TABLE t SET ACCESS METHOD heap');
SELECT intact, rows FROM audit_immutable.verify('t');
\c -
SET search_path = evidence;
BEGIN;
UPDATE pg_attribute SET atttypid = 'varchar'::regtype, atttypmod = 104 WHERE attrelid = 't'::regclass AND attname = 'note';
SELECT * FROM audit_immutable.findings('t') WHERE detail NOT LIKE '%event%';
ROLLBACK;
\c -
SET search_path = evidence;
BEGIN;
UPDATE pg_attribute SET attname = 'remark' WHERE attrelid = 't'::regclass AND attname = 'note';
SELECT * FROM audit_immutable.findings('t') WHERE kind = 'schema_changed' AND detail NOT LIKE '%event%';
ROLLBACK;
\c -
SET search_path = evidence;
BEGIN;
UPDATE pg_attribute SET attname = 'dropped', attisdropped = true, atttypid = 0 WHERE attrelid = 't'::regclass AND attname = 'note';
SELECT * FROM audit_immutable.findings('t') WHERE kind = 'schema_changed' AND detail NOT LIKE '%event%';
ROLLBACK;
-- A table that is stored as a plain one for a while can be altered by commands meanwhile; it is found when it is back.
CREATE TABLE retyped USING audit_immutable AS SELECT id, note FROM t;
CREATE TABLE rewritten USING audit_immutable AS SELECT id, note FROM t;
CREATE TABLE headless USING audit_immutable AS SELECT id, note FROM t;
SELECT test.state(t) FROM unnest('{retyped,rewritten,headless}'::regclass[]) AS t;
\c -
SET search_path = evidence;
SELECT t, test.store_by(t, 'heap') FROM unnest('{retyped,rewritten,headless}'::regclass[]) AS t;
-- Meanwhile it is missing.
SELECT regexp_replace(detail, '[0-9a-f]{8}-[0-9a-f-]{27}', 'LOG') FROM audit_immutable.findings('audit_immutable.opening') WHERE kind = 'log_missing' ORDER BY 1;
ALTER TABLE retyped ALTER id TYPE bigint;
ALTER TABLE rewritten ALTER note TYPE text USING 'x';
ALTER TABLE headless DROP audit_hash;
\c -
SET search_path = evidence;
SELECT t, test.store_by(t, 'audit_immutable') FROM unnest('{retyped,rewritten,headless}'::regclass[]) AS t;
-- The rows are written anew, with the same text in them.
SELECT * FROM audit_immutable.findings('retyped') WHERE detail NOT LIKE '%event%';
-- And with another: as many findings as rows.
SELECT kind, count(*), min(seq), max(seq) FROM audit_immutable.findings('rewritten') GROUP BY 1;
SELECT kind, detail FROM audit_immutable.findings('headless') WHERE kind = 'schema_changed' ORDER BY 2;
SELECT relation, intact FROM audit_immutable.verify() WHERE NOT intact;
-- They cannot be dropped like that. In trouble or not, a log can be retired, which does not mend it.
SELECT test.refused('DROP TABLE retyped') LIMIT 1;
SELECT t, audit_immutable.retire(t, t || ' by hand') FROM unnest('{retyped,rewritten,headless}'::regclass[]) AS t;
SELECT kind, count(*), min(seq), max(seq) FROM audit_immutable.findings('rewritten') GROUP BY 1;
DROP TABLE retyped, rewritten, headless;
SELECT relation, reason FROM audit_immutable.event WHERE kind = 'retire' AND relation LIKE 'evidence.%' ORDER BY 1;
SELECT relation, intact FROM audit_immutable.verify() WHERE NOT intact;
-- What the events say of a log is what the catalog must say.
\c -
SET search_path = evidence;
BEGIN;
UPDATE pg_class SET relowner = 'alice'::regrole WHERE oid = 't'::regclass;
SELECT kind, detail, expected, actual FROM audit_immutable.findings('t');
ROLLBACK;
\c -
SET search_path = evidence;
BEGIN;
UPDATE pg_class SET relforcerowsecurity = false WHERE oid = 't'::regclass;
SELECT kind, detail, expected, actual FROM audit_immutable.findings('t');
ROLLBACK;
\c -
SET search_path = evidence;
BEGIN;
UPDATE pg_trigger SET tgrelid = 't'::regclass WHERE tgname = 'never';
SELECT kind, detail, expected, actual FROM audit_immutable.findings('t');
ROLLBACK;
SELECT kind, role, reason, detail - 'relation' - 'owner_oid' - 'columns' - 'functions' AS detail FROM audit_immutable.event
WHERE log = (SELECT log FROM audit_immutable.log WHERE relation = 't'::regclass) ORDER BY number;
-- What changes nothing that is hashed, and is not refused: a column added, a default, a constraint.
-- Nor would another name or schema, but those are refused; had it got them, that is found, until somebody says why.
SELECT test.refused('ALTER TABLE t RENAME TO renamed');
SELECT test.refused('ALTER TABLE t SET SCHEMA public');
SELECT test.refused('ALTER SCHEMA evidence RENAME TO elsewhere');
CREATE SCHEMA elsewhere;
\c -
SET search_path = evidence;
BEGIN;
UPDATE pg_class SET relname = 'renamed', relnamespace = 'elsewhere'::regnamespace WHERE oid = 't'::regclass;
ALTER TABLE elsewhere.renamed ADD COLUMN later int DEFAULT NULL, ALTER note SET DEFAULT 'x', ADD CHECK (id > 0);
INSERT INTO elsewhere.renamed (id) VALUES (7) RETURNING audit_seq;
SELECT relation, intact, rows, first_finding FROM audit_immutable.verify('elsewhere.renamed');
SELECT kind, detail, expected, actual FROM audit_immutable.findings('elsewhere.renamed');
SAVEPOINT s;
SELECT test.refused('SELECT audit_immutable.acknowledge(''elsewhere.renamed'', '''')');
SELECT test.refused('SELECT audit_immutable.acknowledge(NULL, ''x'')');
SELECT test.refused('SELECT audit_immutable.acknowledge(''audit_immutable.event'', ''x'')');
SELECT test.refused('SELECT audit_immutable.acknowledge(''pg_class'', ''x'')');
SELECT audit_immutable.acknowledge('elsewhere.renamed', 'moved by hand, ticket 12');
SELECT relation, intact, rows, first_finding FROM audit_immutable.verify('elsewhere.renamed');
SELECT kind, relation, role, reason, detail -> 'table' FROM audit_immutable.event WHERE kind = 'acknowledge';
ROLLBACK TO s;
SELECT opened_as FROM audit_immutable.log WHERE relation = 'elsewhere.renamed'::regclass;
ROLLBACK;
SELECT intact, rows, first_finding FROM audit_immutable.verify('t');
SELECT relation, first_finding FROM audit_immutable.verify() WHERE NOT intact;
