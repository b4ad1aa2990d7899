-- Which tables cannot hold audit rows: each refusal says why, and what to do.
CREATE SCHEMA fit AUTHORIZATION alice;
SET search_path = fit;
\a
\t on
CREATE TABLE plain (id int PRIMARY KEY);
INSERT INTO plain VALUES (1), (2);
-- Unlogged and temporary.
SELECT test.refused('CREATE UNLOGGED TABLE t (a int) USING audit_immutable');
SELECT test.refused('CREATE TEMP TABLE t (a int) USING audit_immutable');
SELECT test.refused('CREATE TEMP TABLE t USING audit_immutable ON COMMIT DELETE ROWS AS SELECT 1 AS a');
SELECT test.refused('CREATE UNLOGGED TABLE t USING audit_immutable AS SELECT 1 AS a');
CREATE UNLOGGED TABLE unlogged (a int);
CREATE TEMP TABLE temporary (a int);
INSERT INTO unlogged VALUES (1);
INSERT INTO temporary VALUES (1);
SELECT test.refused($$SELECT audit_immutable.protect('unlogged')$$);
SELECT test.refused($$SELECT audit_immutable.protect('temporary')$$);
SELECT test.refused('ALTER TABLE unlogged SET ACCESS METHOD audit_immutable');
SELECT test.refused('ALTER TABLE temporary SET ACCESS METHOD audit_immutable');
-- By the default too: whoever wants a temporary table is told how.
SET default_table_access_method = audit_immutable;
SELECT test.refused('CREATE UNLOGGED TABLE t (a int)');
SELECT test.refused('CREATE TEMP TABLE t (a int)');
CREATE TEMP TABLE t (a int) USING heap;
DROP TABLE t;
RESET default_table_access_method;
-- And an audit table stays permanent.
CREATE TABLE stays (a int) USING audit_immutable;
INSERT INTO stays VALUES (1);
SELECT test.refused('ALTER TABLE stays SET UNLOGGED');
SELECT relpersistence FROM pg_class WHERE oid = 'stays'::regclass;
SELECT test.state('stays');
-- The storage says so too, with the guards taken away.
\c -
SET search_path = fit;
BEGIN;
SELECT FROM test.take_trigger('stays', 'audit_immutable_guard%');
SELECT test.refused('ALTER TABLE stays SET UNLOGGED');
ROLLBACK;
SELECT test.state('stays');
-- Not a table of rows: catalogs, views, foreign tables and the rest.
SELECT test.refused($$SELECT audit_immutable.protect('pg_class')$$);
SELECT test.refused($$SELECT audit_immutable.protect('information_schema.sql_features')$$);
SELECT test.refused($$SELECT audit_immutable.protect('pg_toast.pg_toast_1255')$$);
CREATE VIEW seen AS SELECT * FROM plain;
SELECT test.refused($$SELECT audit_immutable.protect('seen')$$);
CREATE MATERIALIZED VIEW computed AS SELECT * FROM plain;
SELECT test.refused($$SELECT audit_immutable.protect('computed')$$);
SELECT test.refused('CREATE MATERIALIZED VIEW t USING audit_immutable AS SELECT 1 AS a');
SELECT test.refused('CREATE MATERIALIZED VIEW t USING audit_immutable AS SELECT 1 AS a WITH NO DATA');
BEGIN;
SET LOCAL default_table_access_method = audit_immutable;
SELECT test.refused('CREATE MATERIALIZED VIEW t AS SELECT 1 AS a');
CREATE MATERIALIZED VIEW t USING heap AS SELECT 1 AS a;
ROLLBACK;
SELECT test.refused('ALTER MATERIALIZED VIEW computed SET ACCESS METHOD audit_immutable');
SELECT test.refused('ALTER TABLE computed SET ACCESS METHOD audit_immutable');
CREATE EXTENSION postgres_fdw;
CREATE SERVER nowhere FOREIGN DATA WRAPPER postgres_fdw;
CREATE FOREIGN TABLE elsewhere (a int) SERVER nowhere;
SELECT test.refused($$SELECT audit_immutable.protect('elsewhere')$$);
CREATE TABLE root (k int) PARTITION BY LIST (k);
SELECT test.refused($$SELECT audit_immutable.protect('root')$$);
-- Also when a leaf has brought the stamp columns.
CREATE TABLE leaf PARTITION OF root FOR VALUES IN (1) USING audit_immutable;
SELECT test.refused($$SELECT audit_immutable.protect('root')$$);
CREATE SEQUENCE numbers;
SELECT test.refused($$SELECT audit_immutable.protect('numbers')$$);
SELECT test.refused($$SELECT audit_immutable.protect('plain_pkey')$$);
CREATE TYPE pair AS (a int, b text);
SELECT test.refused($$SELECT audit_immutable.protect('pair')$$);
-- Inheritance, above and below.
CREATE TABLE parent (a int);
CREATE TABLE child () INHERITS (parent);
SELECT test.refused($$SELECT audit_immutable.protect('parent')$$);
SELECT test.refused($$SELECT audit_immutable.protect('child')$$);
SELECT test.refused('CREATE TABLE t () INHERITS (parent) USING audit_immutable');
SELECT test.refused('ALTER TABLE parent SET ACCESS METHOD audit_immutable');
ALTER TABLE child NO INHERIT parent;
SELECT FROM audit_immutable.protect('parent');
SELECT FROM audit_immutable.protect('child');
-- A column called like a stamp, of whatever type; not one that was dropped.
SELECT test.refused('CREATE TABLE t (audit_chain int) USING audit_immutable');
SELECT test.refused('CREATE TABLE t (a int, audit_seq text) USING audit_immutable');
SELECT test.refused('CREATE TABLE t (audit_at timestamptz) USING audit_immutable');
SELECT test.refused('CREATE TABLE t (audit_session bigint, audit_hash bytea) USING audit_immutable');
SELECT test.refused('CREATE TABLE t USING audit_immutable AS SELECT 1 AS audit_hash');
SELECT test.refused('CREATE TABLE t (LIKE stays, x int) USING heap; INSERT INTO t (audit_chain, audit_seq) VALUES (1, 1); SELECT audit_immutable.protect(''t'')');
CREATE TABLE named (a int, audit_seq bigint, "AUDIT_AT" text);
SELECT test.refused($$SELECT audit_immutable.protect('named')$$);
SELECT test.refused('ALTER TABLE named SET ACCESS METHOD audit_immutable');
ALTER TABLE named DROP COLUMN audit_seq;
SELECT FROM audit_immutable.protect('named');
-- Rules.
CREATE TABLE ruled (a int);
CREATE RULE swallow AS ON INSERT TO ruled DO INSTEAD NOTHING;
SELECT test.refused($$SELECT audit_immutable.protect('ruled')$$);
SELECT test.refused('ALTER TABLE ruled SET ACCESS METHOD audit_immutable');
DROP RULE swallow ON ruled;
SELECT FROM audit_immutable.protect('ruled');
-- Foreign keys that would change or delete rows here.
SELECT test.refused('CREATE TABLE t (p int REFERENCES plain ON DELETE CASCADE) USING audit_immutable');
SELECT test.refused('CREATE TABLE t (p int REFERENCES plain ON DELETE SET NULL) USING audit_immutable');
SELECT test.refused('CREATE TABLE t (p int REFERENCES plain ON DELETE SET DEFAULT) USING audit_immutable') LIMIT 1;
SELECT test.refused('CREATE TABLE t (p int REFERENCES plain ON UPDATE CASCADE) USING audit_immutable') LIMIT 1;
SELECT test.refused('CREATE TABLE t (p int REFERENCES plain ON UPDATE SET NULL) USING audit_immutable') LIMIT 1;
SELECT test.refused('CREATE TABLE t (p int REFERENCES plain ON UPDATE SET DEFAULT) USING audit_immutable') LIMIT 1;
CREATE TABLE keyed (p int CONSTRAINT "first" REFERENCES plain, q int CONSTRAINT "second" REFERENCES plain ON UPDATE CASCADE);
SELECT test.refused($$SELECT audit_immutable.protect('keyed')$$);
SELECT test.refused('ALTER TABLE keyed SET ACCESS METHOD audit_immutable') LIMIT 1;
CREATE TABLE restricted (p int REFERENCES plain ON DELETE RESTRICT ON UPDATE NO ACTION) USING audit_immutable;
-- One that refers to itself, and one from another table to here, do no harm.
CREATE TABLE tree (id int PRIMARY KEY, parent int REFERENCES tree) USING audit_immutable;
CREATE TABLE points_here (tree int REFERENCES tree ON DELETE CASCADE);
INSERT INTO tree VALUES (1, NULL), (2, 1);
INSERT INTO points_here VALUES (2);
SELECT test.state('tree');
-- Types that store an oid and print a name.
SELECT test.refused('CREATE TABLE t (a int, c regclass) USING audit_immutable');
SELECT kind, (SELECT left(said, 5) FROM test.refused(format('CREATE TABLE t (c %s) USING audit_immutable', kind)) AS said LIMIT 1)
FROM unnest('{regclass,regcollation,regconfig,regdictionary,regnamespace,regoper,regoperator,regproc,regprocedure,regrole,regtype,aclitem}'::text[]) AS kind;
SELECT test.refused('CREATE TABLE t (c regrole[]) USING audit_immutable');
CREATE DOMAIN role_name AS regrole CHECK (VALUE <> 0);
CREATE DOMAIN role_names AS role_name[];
CREATE TYPE inner_pair AS (a int, kinds regtype[]);
CREATE TYPE outer_pair AS (b text, inside inner_pair);
CREATE DOMAIN checked_pair AS outer_pair;
SELECT test.refused('CREATE TABLE t (c role_name) USING audit_immutable');
SELECT test.refused('CREATE TABLE t (c role_names) USING audit_immutable');
SELECT test.refused('CREATE TABLE t (c outer_pair) USING audit_immutable');
SELECT test.refused('CREATE TABLE t (c checked_pair[]) USING audit_immutable');
CREATE TABLE aliased (id int, who regrole, gone regclass);
SELECT test.refused($$SELECT audit_immutable.protect('aliased')$$);
ALTER TABLE aliased DROP COLUMN who, DROP COLUMN gone;
SELECT FROM audit_immutable.protect('aliased');
SELECT test.refused($$CREATE TABLE t USING audit_immutable AS SELECT 'plain'::regclass AS c$$);
-- An oid prints the same number for ever.
CREATE TABLE numbered (c oid) USING audit_immutable;
-- Only the owner.
CREATE TABLE not_hers (a int);
GRANT ALL ON not_hers TO alice;
SET ROLE alice;
SELECT test.refused($$SELECT audit_immutable.protect('not_hers')$$);
SELECT test.refused($$SELECT audit_immutable.protect('pg_catalog.pg_class')$$);
RESET ROLE;
-- A second time, and a log of the extension's own.
SELECT test.refused($$SELECT audit_immutable.protect('tree')$$);
SELECT test.refused($$SELECT audit_immutable.protect('audit_immutable.opening')$$);
-- What was refused left nothing behind.
SELECT count(*) FROM pg_class WHERE relname = 't' AND relkind = 'r';
SELECT relname, amname FROM pg_class AS c JOIN pg_am AS a ON a.oid = relam
WHERE relnamespace = 'fit'::regnamespace AND relname IN ('unlogged', 'computed', 'keyed', 'not_hers', 'plain') ORDER BY 1;
SELECT relation, rows, first_finding FROM audit_immutable.verify() WHERE NOT intact;
