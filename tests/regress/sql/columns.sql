-- Columns that change: the next row of each chain says so in its line.
CREATE SCHEMA cols;
SET search_path = cols;
\a
\t on
-- The list that each line carries, by chain and seq.
CREATE FUNCTION carried(log regclass) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format($q$SELECT concat_ws(' ', audit_chain || ':' || audit_seq, audit_immutable.line(%1$L, audit_chain, audit_seq)::json -> 'columns')
        FROM %2$s ORDER BY audit_chain, audit_seq$q$, log, log);
END $$;
CREATE FUNCTION lists(of regclass) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT concat_ws(' ', number, columns, heads) FROM audit_immutable.column_list
    WHERE log = (audit_immutable.opening_line(lists.of)::json ->> 'log')::uuid ORDER BY number
$$;
CREATE TABLE t (id int) USING audit_immutable;
INSERT INTO t VALUES (1), (2);
SELECT lists('t');
ALTER TABLE t ADD COLUMN note text;
SELECT lists('t');
-- The columns are with the first row after, and not again.
INSERT INTO t (id, note) VALUES (3, 'three'), (4, 'four');
COPY t (id, note) FROM stdin;
5	five
6	six
\.
SELECT carried('t');
SELECT test.state('t');
-- Twice without a row in between: the newest list. Several columns at once are one list.
ALTER TABLE t ADD COLUMN a int;
ALTER TABLE t ADD COLUMN "b""c" numeric(10, 2), ADD COLUMN IF NOT EXISTS a text, ADD COLUMN d timestamptz(3)[];
INSERT INTO t VALUES (7);
INSERT INTO t VALUES (8);
SELECT lists('t');
SELECT carried('t');
SELECT test.state('t');
-- In one transaction with rows before and after.
BEGIN;
INSERT INTO t (id) VALUES (9), (10);
ALTER TABLE t ADD COLUMN e date;
INSERT INTO t (id) VALUES (11), (12);
SELECT carried('t') OFFSET 8;
COMMIT;
SELECT carried('t') OFFSET 8;
SELECT test.state('t');
-- In a savepoint that is rolled back: neither the list nor the row that carried it.
BEGIN;
INSERT INTO t (id) VALUES (13);
SAVEPOINT s;
ALTER TABLE t ADD COLUMN gone int;
INSERT INTO t (id) VALUES (14);
SELECT carried('t') OFFSET 12;
ROLLBACK TO s;
INSERT INTO t (id) VALUES (15);
COMMIT;
SELECT lists('t');
SELECT carried('t') OFFSET 12;
SELECT test.state('t');
-- In one that is kept, after a row that is rolled back.
BEGIN;
SAVEPOINT a;
INSERT INTO t (id) VALUES (16);
ROLLBACK TO a;
SAVEPOINT b;
ALTER TABLE t ADD COLUMN kept int;
RELEASE b;
SAVEPOINT c;
INSERT INTO t (id) VALUES (17);
ROLLBACK TO c;
INSERT INTO t (id) VALUES (18);
COMMIT;
SELECT carried('t') OFFSET 14;
SELECT test.state('t');
-- A whole transaction that is rolled back.
BEGIN;
ALTER TABLE t ADD COLUMN never int;
INSERT INTO t (id) VALUES (19);
ROLLBACK;
INSERT INTO t (id) VALUES (20);
SELECT carried('t') OFFSET 15;
SELECT test.state('t');
-- ON CONFLICT DO NOTHING: the row that is not stored leaves its place, and the list, to the next.
CREATE TABLE once (id int UNIQUE) USING audit_immutable;
INSERT INTO once VALUES (1);
ALTER TABLE once ADD COLUMN note text;
INSERT INTO once VALUES (1) ON CONFLICT DO NOTHING;
INSERT INTO once VALUES (2) ON CONFLICT DO NOTHING;
SELECT carried('once');
SELECT test.state('once');
-- Several chains, one of them before the change, one only after it, and one between two changes.
CREATE EXTENSION dblink SCHEMA cols;
CREATE FUNCTION elsewhere(name text, command text) RETURNS text LANGUAGE sql AS $$
    SELECT dblink_exec(name, command)
$$;
CREATE TABLE many (id int) USING audit_immutable;
SELECT dblink_connect('other', format('dbname=%s', current_database()));
INSERT INTO many VALUES (1);
ALTER TABLE many ADD COLUMN a int;
BEGIN;
INSERT INTO many VALUES (2);
SELECT elsewhere('other', 'INSERT INTO cols.many VALUES (3)');
SELECT elsewhere('other', 'INSERT INTO cols.many VALUES (4)');
COMMIT;
ALTER TABLE many ADD COLUMN b int;
BEGIN;
INSERT INTO many VALUES (5);
SELECT elsewhere('other', 'BEGIN');
SELECT elsewhere('other', 'INSERT INTO cols.many VALUES (6)');
SELECT dblink_connect('third', format('dbname=%s', current_database()));
SELECT elsewhere('third', 'INSERT INTO cols.many VALUES (7)');
SELECT elsewhere('other', 'COMMIT');
COMMIT;
SELECT lists('many');
SELECT carried('many');
SELECT test.state('many');
SELECT dblink_disconnect('other'), dblink_disconnect('third');
DROP EXTENSION dblink;
-- A partition root hands the column down: each leaf has its own list.
CREATE TABLE root (id int, k text) PARTITION BY LIST (k);
CREATE TABLE leaf_a PARTITION OF root FOR VALUES IN ('a') USING audit_immutable;
CREATE TABLE leaf_b PARTITION OF root FOR VALUES IN ('b') USING audit_immutable;
INSERT INTO root VALUES (1, 'a'), (2, 'a');
ALTER TABLE root ADD COLUMN note text;
INSERT INTO root (id, k) VALUES (3, 'a'), (4, 'b'), (5, 'b');
SELECT lists('leaf_a');
SELECT lists('leaf_b');
SELECT carried('leaf_a');
SELECT carried('leaf_b');
SELECT test.state('leaf_a'), test.state('leaf_b');
-- In a function that does both.
CREATE FUNCTION add_between(log text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('INSERT INTO %s (id) VALUES (100)', log);
    EXECUTE format('ALTER TABLE %s ADD COLUMN by_function int', log);
    EXECUTE format('INSERT INTO %s (id) VALUES (101), (102)', log);
END $$;
SELECT add_between('t');
SELECT carried('t') OFFSET 16;
SELECT test.state('t');
-- Rows that were adopted, and rows of a table that is retired, are read with the same lists.
CREATE TABLE adopted AS SELECT n AS id FROM generate_series(1, 3) AS n;
SELECT FROM audit_immutable.protect('adopted');
ALTER TABLE adopted ADD COLUMN note text;
INSERT INTO adopted VALUES (4);
SELECT carried('adopted');
SELECT test.state('adopted');
SELECT string_agg(line, E'\n') AS before FROM audit_immutable.export('adopted') AS line \gset
SELECT audit_immutable.retire('adopted', 'its time is over');
SELECT test.refused('SELECT audit_immutable.protect(''adopted'')');
SELECT string_agg(line, E'\n') = :'before' AS same_export FROM audit_immutable.export('adopted') AS line;
SELECT test.state('adopted');
\c -
SET search_path = cols;
SELECT string_agg(line, E'\n') = :'before' AS same_export FROM audit_immutable.export('adopted') AS line;
SELECT test.state('adopted');
-- After VACUUM FULL, and with parallel workers.
VACUUM FULL t;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT test.state('t'), test.state('many');
-- The lists are rows like others.
SELECT relation, intact, findings FROM audit_immutable.verify('audit_immutable.column_list');
SELECT test.refused($$INSERT INTO audit_immutable.column_list (log, number, columns, heads) VALUES (gen_random_uuid(), 2, '[]', '{}')$$);
