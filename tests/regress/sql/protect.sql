-- Tables that have rows already.
CREATE SCHEMA adopt;
SET search_path = adopt;
\a
\t on
-- Physical order, unless one is asked for.
CREATE TABLE physical (id int, note text);
INSERT INTO physical VALUES (3, 'c'), (1, 'a'), (2, 'b');
SELECT audit_immutable.protect('physical') AS answered \gset
SELECT log = :'answered' FROM audit_immutable.log WHERE relation = 'physical'::regclass;
SELECT id, note, audit_chain, audit_seq FROM physical ORDER BY audit_seq;
INSERT INTO physical VALUES (4, 'd') RETURNING audit_chain, audit_seq;
SELECT test.shape('physical');
SELECT test.state('physical');
-- In order; ties stay in physical order; a NULL sorts as in SQL.
CREATE TABLE ordered (id int, "Day" date, "odd desc" int, note text);
INSERT INTO ordered VALUES
    (1, '2026-01-01', 7, 'x'), (2, '2026-01-02', 5, 'x'), (3, '2026-01-01', 6, 'y'), (4, NULL, 4, 'y'), (5, '2026-01-02', 9, 'z');
BEGIN;
SELECT FROM audit_immutable.protect('ordered', order_by => '{Day,id desc}');
SELECT string_agg(id::text, ' ' ORDER BY audit_seq) FROM ordered;
ROLLBACK;
BEGIN;
SELECT FROM audit_immutable.protect('ordered', order_by => '{"note DESC"}');
SELECT string_agg(id::text, ' ' ORDER BY audit_seq) FROM ordered;
ROLLBACK;
BEGIN;
SELECT FROM audit_immutable.protect('ordered', order_by => '{note asc, Day desc}');
SELECT string_agg(id::text, ' ' ORDER BY audit_seq) FROM ordered;
ROLLBACK;
-- A column whose name ends in desc is a column.
BEGIN;
SELECT FROM audit_immutable.protect('ordered', order_by => ARRAY['odd desc']);
SELECT string_agg(id::text, ' ' ORDER BY audit_seq) FROM ordered;
ROLLBACK;
BEGIN;
SELECT FROM audit_immutable.protect('ordered', order_by => ARRAY['odd desc desc']);
SELECT string_agg(id::text, ' ' ORDER BY audit_seq) FROM ordered;
ROLLBACK;
BEGIN;
SELECT FROM audit_immutable.protect('ordered', order_by => '{}');
SELECT string_agg(id::text, ' ' ORDER BY audit_seq) FROM ordered;
ROLLBACK;
-- Parameters that cannot be used.
SELECT test.refused($$SELECT audit_immutable.protect('ordered', order_by => '{nobody}')$$);
SELECT test.refused($$SELECT audit_immutable.protect('ordered', order_by => '{day}')$$);
SELECT test.refused($$SELECT audit_immutable.protect('ordered', order_by => '{id sideways}')$$);
SELECT left(test.refused($$SELECT audit_immutable.protect('ordered', order_by => '{NULL}')$$), 5) LIMIT 1;
SELECT test.refused($$SELECT audit_immutable.protect('ordered', order_by => '{"id; DROP TABLE physical"}')$$);
SELECT test.refused($$SELECT audit_immutable.protect('ordered', chains => 0)$$);
SELECT test.refused($$SELECT audit_immutable.protect('ordered', chains => -1)$$);
SELECT left(test.refused($$SELECT audit_immutable.protect(NULL)$$), 5) LIMIT 1;
SELECT test.refused($$SELECT audit_immutable.protect('nowhere')$$);
-- An order by a type that has none fails only when the rows are read: the table is as it was.
CREATE TABLE unordered (id int PRIMARY KEY, place point, note text);
INSERT INTO unordered VALUES (1, '(1,2)', 'a'), (2, '(3,4)', 'b');
SELECT test.shape('unordered');
SELECT test.refused($$SELECT audit_immutable.protect('unordered', order_by => '{place}')$$) LIMIT 1;
SELECT test.shape('unordered');
SELECT * FROM unordered;
UPDATE unordered SET note = 'changed' WHERE id = 1;
DELETE FROM unordered WHERE id = 2;
SELECT * FROM unordered;
-- So does a row in the middle that cannot be written: here a cast to json that fails at row 3.
CREATE FUNCTION fussy(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$
BEGIN
    IF $1 = 'three' AND current_setting('adopt.fussy', true) = 'on' THEN RAISE EXCEPTION 'no index on three'; END IF;
    RETURN $1;
END $$;
CREATE TABLE half_way (id int PRIMARY KEY, f text);
CREATE INDEX half_way_fussy ON half_way (fussy(f));
INSERT INTO half_way VALUES (1, 'one'), (2, 'two'), (3, 'three'), (4, 'four');
SET adopt.fussy = on;
\set VERBOSITY terse
SELECT audit_immutable.protect('half_way');
\set VERBOSITY default
SELECT test.shape('half_way');
SELECT * FROM half_way;
SELECT count(*) FROM audit_immutable.opening WHERE line::json ->> 'table' = 'adopt.half_way';
SELECT amname FROM pg_class AS c JOIN pg_am AS a ON a.oid = relam WHERE c.oid = 'half_way'::regclass;
DELETE FROM half_way WHERE f = 'three';
SELECT FROM audit_immutable.protect('half_way');
\set VERBOSITY terse
INSERT INTO half_way VALUES (5, 'three');
\set VERBOSITY default
INSERT INTO half_way VALUES (6, 'two');
SELECT id, audit_seq FROM half_way ORDER BY audit_seq;
SELECT test.state('half_way');
RESET adopt.fussy;
-- A cast to json that somebody created is not run: not for protect, not for verify.
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE FUNCTION to_json(mood) RETURNS json LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'run as %', current_user;
END $$;
CREATE CAST (mood AS json) WITH FUNCTION to_json(mood);
CREATE TABLE moods (m mood, ms mood[]);
INSERT INTO moods VALUES ('sad', '{happy,NULL}');
SELECT FROM audit_immutable.protect('moods');
INSERT INTO moods VALUES ('happy');
SELECT substring(audit_immutable.line('moods', 1, 1) FROM '"row":.*}');
SELECT test.state('moods');
-- One strict chain.
CREATE TABLE strict (id int);
INSERT INTO strict VALUES (2), (1);
SELECT FROM audit_immutable.protect('strict', 1, '{id}');
INSERT INTO strict VALUES (3);
SELECT id, audit_chain, audit_seq FROM strict ORDER BY audit_seq;
SELECT chains FROM audit_immutable.log WHERE relation = 'strict'::regclass;
SELECT audit_immutable.opening_line('strict')::json -> 'chains';
SELECT test.state('strict');
-- Everything about the table survives: columns dropped and added before, long values,
-- indexes, constraints, defaults, triggers, grants, comments, both ends of foreign keys.
CREATE TABLE actor (name text PRIMARY KEY);
INSERT INTO actor VALUES ('alice'), ('bob');
CREATE TABLE kept (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    gone text DEFAULT 'gone',
    actor text NOT NULL REFERENCES actor,
    amount numeric CHECK (amount > 0),
    body text,
    doubled numeric GENERATED ALWAYS AS (amount * 2) STORED,
    UNIQUE (actor, amount)
);
CREATE INDEX kept_part ON kept (left(body, 20)) WHERE amount > 5;
CREATE TABLE refers (kept bigint REFERENCES kept);
-- Does not compress, so it goes out of line.
INSERT INTO kept (actor, amount, body)
SELECT CASE WHEN i % 2 = 0 THEN 'alice' ELSE 'bob' END, i,
       CASE WHEN i % 3 = 0 THEN (SELECT string_agg(md5(i || '/' || j), '') FROM generate_series(1, 500) AS j) ELSE 'short ' || i END
FROM generate_series(1, 20) AS i;
INSERT INTO refers VALUES (7);
ALTER TABLE kept DROP COLUMN gone;
ALTER TABLE kept ADD COLUMN later int DEFAULT 42;
ALTER TABLE kept ADD COLUMN empty text;
DELETE FROM kept WHERE id = 13;
CREATE FUNCTION seen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE 'inserted % as %/%', NEW.id, NEW.audit_chain, NEW.audit_seq; RETURN NULL; END $$;
CREATE TRIGGER tell AFTER INSERT ON kept FOR EACH ROW EXECUTE FUNCTION seen();
GRANT SELECT ON kept TO bob;
COMMENT ON TABLE kept IS 'what is kept';
CREATE TEMP TABLE before AS SELECT * FROM kept;
SELECT FROM audit_immutable.protect('kept', order_by => '{id}');
SELECT test.shape('kept');
SELECT count(*), bool_and(k.body IS NOT DISTINCT FROM b.body AND k.amount = b.amount AND k.doubled = b.doubled AND k.later = 42 AND k.empty IS NULL)
FROM kept AS k JOIN before AS b USING (id, actor);
SELECT obj_description('kept'::regclass), has_table_privilege('bob', 'kept', 'SELECT'), has_table_privilege('bob', 'kept', 'INSERT');
SELECT test.state('kept');
INSERT INTO kept (actor, amount) VALUES ('alice', 100);
INSERT INTO kept (actor, amount) VALUES ('carol', 1);
INSERT INTO kept (actor, amount) VALUES ('alice', 100);
INSERT INTO kept (actor, amount) VALUES ('alice', -1);
INSERT INTO refers VALUES (13);
INSERT INTO refers VALUES (8);
DELETE FROM actor WHERE name = 'bob';
-- The indexes answer.
SET enable_seqscan = off;
SELECT id FROM kept WHERE left(body, 20) = 'short 8' AND amount > 5;
SELECT amount FROM kept WHERE id = 20;
RESET enable_seqscan;
SELECT test.state('kept');
-- The line of an adopted row does not show that there were dropped columns.
SELECT substring(audit_immutable.line('kept', 1, 2) FROM '"row":.*}');
-- No rows: nothing is adopted.
CREATE TABLE empty (id int);
SELECT FROM audit_immutable.protect('empty');
INSERT INTO empty VALUES (1) RETURNING audit_chain, audit_seq;
SELECT test.state('empty');
-- In the transaction that created and filled it, between other work, and with a savepoint.
BEGIN;
CREATE TABLE fresh (id int);
INSERT INTO fresh VALUES (1);
SAVEPOINT s;
SELECT FROM audit_immutable.protect('fresh');
INSERT INTO fresh VALUES (2);
ROLLBACK TO s;
INSERT INTO fresh VALUES (3);
UPDATE fresh SET id = 4 WHERE id = 1;
SELECT FROM audit_immutable.protect('fresh');
INSERT INTO fresh VALUES (5);
COMMIT;
SELECT id, audit_chain, audit_seq FROM fresh ORDER BY audit_seq;
SELECT test.state('fresh');
-- Pending trigger events and open cursors: not now.
CREATE TABLE busy (id int PRIMARY KEY);
CREATE TABLE busy_child (id int REFERENCES busy DEFERRABLE INITIALLY DEFERRED);
INSERT INTO busy VALUES (1);
BEGIN;
INSERT INTO busy_child VALUES (1);
SELECT test.refused($$SELECT audit_immutable.protect('busy_child')$$);
ROLLBACK;
BEGIN;
DECLARE c CURSOR FOR SELECT * FROM busy;
FETCH c;
SELECT test.refused($$SELECT audit_immutable.protect('busy')$$);
ROLLBACK;
-- A second time.
SELECT test.refused($$SELECT audit_immutable.protect('physical')$$);
SELECT test.refused($$SELECT audit_immutable.protect('audit_immutable.session')$$);
-- An owner who is no superuser, and a member of the owning role.
GRANT CREATE, USAGE ON SCHEMA adopt TO alice;
GRANT alice TO bob;
SET ROLE alice;
CREATE TABLE owned (id int);
INSERT INTO owned VALUES (1);
SELECT FROM audit_immutable.protect('owned');
INSERT INTO owned VALUES (2);
SELECT test.state('owned');
CREATE TABLE owned_too (id int);
SET ROLE bob;
SELECT FROM audit_immutable.protect('owned_too');
RESET ROLE;
SELECT opened_by, relation, (SELECT relowner::regrole FROM pg_class WHERE oid = relation) AS owner
FROM audit_immutable.log WHERE relation::text LIKE 'owned%' ORDER BY 2;
REVOKE alice FROM bob;
