-- Every way a table comes to be an audit table from its first row on.
CREATE SCHEMA make;
SET search_path = make;
\a
\t on
-- One statement is enough.
CREATE TABLE audit_log (at timestamptz DEFAULT now(), actor text, action text, details jsonb)
  USING audit_immutable;
SELECT test.shape('audit_log');
INSERT INTO audit_log (actor, action) VALUES ('alice', 'login'), ('bob', 'login');
SELECT actor, audit_chain, audit_seq, length(audit_hash) FROM audit_log;
SELECT test.state('audit_log');
-- No column of its own.
CREATE TABLE nothing () USING audit_immutable;
INSERT INTO nothing DEFAULT VALUES;
SELECT audit_immutable.line('nothing', 1, 1) LIKE '%,"row":{}}' AS empty_row;
SELECT test.state('nothing');
-- Key, identity, generated column, check, and a stamp-sized default.
CREATE TABLE shaped (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    amount numeric(8, 2) CHECK (amount > 0),
    doubled numeric GENERATED ALWAYS AS (amount * 2) STORED,
    note text NOT NULL DEFAULT 'none'
) USING audit_immutable;
SELECT test.shape('shaped');
INSERT INTO shaped (amount) VALUES (1.5);
INSERT INTO shaped (amount) VALUES (-1);
INSERT INTO shaped (amount, note) VALUES (2, 'two') RETURNING id, doubled, note, audit_chain, audit_seq;
-- The generated column is hashed as stored. The failed row cost an identity, not a seq.
SELECT substring(audit_immutable.line('shaped', 1, 2) FROM '"row":.*}') AS line;
SELECT test.state('shaped');
-- IF NOT EXISTS leaves the table that is there alone, with its access method.
CREATE TABLE plain (a int);
CREATE TABLE IF NOT EXISTS plain (a int) USING audit_immutable;
CREATE TABLE IF NOT EXISTS audit_log (a int) USING audit_immutable;
SELECT relname, amname FROM pg_class AS c JOIN pg_am AS a ON a.oid = relam
WHERE relnamespace = 'make'::regnamespace AND relname IN ('plain', 'audit_log') ORDER BY 1;
-- CREATE TABLE AS: the rows it brings are adopted.
CREATE TABLE copied USING audit_immutable AS SELECT i, 'row ' || i AS note FROM generate_series(1, 3) AS i;
SELECT i, note, audit_chain, audit_seq FROM copied ORDER BY audit_seq;
INSERT INTO copied VALUES (4, 'row 4') RETURNING audit_chain, audit_seq;
SELECT test.state('copied');
CREATE TABLE copied_no_data USING audit_immutable AS SELECT 1 AS i WITH NO DATA;
INSERT INTO copied_no_data VALUES (1);
SELECT test.state('copied_no_data');
PREPARE make_rows AS SELECT 'prepared' AS note;
CREATE TABLE executed USING audit_immutable AS EXECUTE make_rows;
SELECT test.state('executed');
-- The query of another log brings stamps along, which cannot be stamps again.
SELECT test.refused('CREATE TABLE stolen USING audit_immutable AS SELECT * FROM audit_log');
CREATE TABLE retold USING audit_immutable AS SELECT actor, action FROM audit_log ORDER BY audit_seq;
SELECT test.state('retold');
-- default_table_access_method: CREATE TABLE, AS, SELECT INTO.
SET default_table_access_method = audit_immutable;
CREATE TABLE by_default (a int);
CREATE TABLE by_default_as AS SELECT 1 AS a;
SELECT a INTO by_default_into FROM generate_series(1, 2) AS a;
CREATE TABLE by_default_not (a int) USING heap;
CREATE VIEW by_default_view AS SELECT 1;
CREATE SEQUENCE by_default_sequence;
RESET default_table_access_method;
INSERT INTO by_default VALUES (1);
SELECT test.state('by_default');
SELECT test.state('by_default_as');
SELECT test.state('by_default_into');
-- LIKE: the stamp columns of a log come along, and become this table's own.
CREATE TABLE alike (LIKE audit_log INCLUDING ALL) USING audit_immutable;
INSERT INTO alike (actor) VALUES ('carol');
SELECT test.state('alike');
CREATE TABLE alike_bare (LIKE audit_log) USING audit_immutable;
INSERT INTO alike_bare (actor) VALUES ('carol');
SELECT test.state('alike_bare');
CREATE TABLE alike_plain (LIKE plain INCLUDING ALL, extra text) USING audit_immutable;
INSERT INTO alike_plain VALUES (1, 'x');
SELECT test.state('alike_plain');
-- A log of its own: another identifier, another start.
SELECT count(DISTINCT log) FROM audit_immutable.log WHERE relation::text IN ('audit_log', 'alike', 'alike_bare');
-- LIKE without USING is a plain table with columns of those names, and no more.
CREATE TABLE alike_heap (LIKE audit_log);
SELECT count(*) FROM pg_trigger WHERE tgrelid = 'alike_heap'::regclass;
-- A table of a composite type can have no further columns.
CREATE TYPE entry AS (actor text, action text);
SELECT left(test.refused('CREATE TABLE typed OF entry USING audit_immutable'), 5) LIMIT 1;
-- CREATE SCHEMA with tables inside; names that need quotes.
CREATE SCHEMA "Odd ""Schema"
    CREATE TABLE "Odd Table" ("Odd Column" text, "üñï" int) USING audit_immutable
    CREATE TABLE second (a int) USING audit_immutable
    CREATE VIEW seen AS SELECT * FROM second;
INSERT INTO "Odd ""Schema"."Odd Table" VALUES ('x', 1);
INSERT INTO "Odd ""Schema".second VALUES (1);
SELECT test.state('"Odd ""Schema"."Odd Table"');
SELECT test.state('"Odd ""Schema".second');
SELECT audit_immutable.opening_line('"Odd ""Schema"."Odd Table"')::json ->> 'table' AS opened_as;
-- SET ACCESS METHOD, with rows and without.
CREATE TABLE changed (a int PRIMARY KEY);
INSERT INTO changed VALUES (3), (1), (2);
ALTER TABLE changed SET ACCESS METHOD audit_immutable;
SELECT a, audit_chain, audit_seq FROM changed ORDER BY audit_seq;
INSERT INTO changed VALUES (4);
SELECT test.state('changed');
CREATE TABLE changed_empty (a int);
ALTER TABLE changed_empty ADD COLUMN b int, SET ACCESS METHOD audit_immutable;
INSERT INTO changed_empty VALUES (1, 2);
SELECT test.state('changed_empty');
-- A dump's CREATE TABLE lists the stamps: the table waits for its rows and its triggers. Until then nothing is
-- stamped, so nothing new is let in.
CREATE TABLE dumped (a int, audit_chain int DEFAULT 0, audit_seq bigint DEFAULT 0, audit_at timestamptz DEFAULT '-infinity',
    audit_session bigint DEFAULT 0, audit_hash bytea DEFAULT decode(repeat('00', 32), 'hex')) USING audit_immutable;
SELECT test.refused('INSERT INTO dumped VALUES (1)');
SELECT armed FROM audit_immutable.status WHERE relation = 'dumped'::regclass;
SELECT test.state('dumped');
SELECT FROM audit_immutable.protect('dumped');
INSERT INTO dumped VALUES (1);
SELECT test.state('dumped');
-- In a function, and in a transaction that is rolled back.
DO $$ BEGIN EXECUTE 'CREATE TABLE by_function (a int) USING audit_immutable'; END $$;
INSERT INTO by_function VALUES (1);
SELECT test.state('by_function');
BEGIN;
CREATE TABLE rolled_back (a int) USING audit_immutable;
INSERT INTO rolled_back VALUES (1);
SELECT test.state('rolled_back');
ROLLBACK;
SELECT count(*) FROM audit_immutable.opening WHERE line::json ->> 'table' LIKE '%rolled_back';
-- Every table above has its opening line, and no other has.
SELECT count(*) = count(o.log) AS all_opened, count(DISTINCT o.log) = count(*) AS own_log
FROM audit_immutable.log AS l LEFT JOIN audit_immutable.opening AS o USING (log)
WHERE l.opened_as LIKE 'make.%';
SELECT relation, intact, rows, first_finding FROM audit_immutable.verify() WHERE NOT intact;
-- A plain table made like an audit table does not get the index of its chains, which would stop at the second row;
-- one that somebody asks for is made.
CREATE TEMPORARY TABLE staging (LIKE audit_log INCLUDING ALL);
SELECT indexdef FROM pg_indexes WHERE tablename = 'staging' AND indexdef LIKE '%audit_chain%';
CREATE UNIQUE INDEX ON staging (audit_chain, audit_seq);
SELECT count(*) FROM pg_indexes WHERE tablename = 'staging' AND indexdef LIKE '%audit_chain%';
-- What does not exist, PostgreSQL says itself.
COPY no_such_table FROM '/dev/null';
