-- An audit table that never had a row is as free as a plain one.
CREATE SCHEMA unused;
SET search_path = unused;
\a
\t on
CREATE FUNCTION ends(since timestamptz) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT concat_ws(' ', kind, relation, role) FROM audit_immutable.event WHERE audit_at >= since ORDER BY audit_at, audit_seq
$$;
CREATE FUNCTION opened(log regclass) RETURNS text LANGUAGE sql AS $$
    SELECT (audit_immutable.opening_line(log)::json ->> 'table') || ' ' || (audit_immutable.opening_line(log)::json ->> 'columns')
        || coalesce(' chains ' || (audit_immutable.opening_line(log)::json ->> 'chains'), '')
$$;
CREATE TYPE mood AS ENUM ('sad');
-- Dropped: by itself, by a schema, in the transaction that made it, with a savepoint, with a trigger and a foreign key.
SELECT clock_timestamp() AS since \gset
CREATE TABLE a (id int) USING audit_immutable;
DROP TABLE a;
CREATE SCHEMA inner_unused;
CREATE TABLE inner_unused.a (id int PRIMARY KEY) USING audit_immutable;
CREATE TABLE inner_unused.b (id int REFERENCES inner_unused.a) USING audit_immutable;
DROP SCHEMA inner_unused CASCADE;
BEGIN;
CREATE TABLE a (id int) USING audit_immutable;
SAVEPOINT s;
DROP TABLE a;
ROLLBACK TO s;
INSERT INTO a VALUES (1);
SAVEPOINT t;
SELECT test.refused('DROP TABLE a');
ROLLBACK;
BEGIN;
CREATE TABLE a (id int) USING audit_immutable;
DROP TABLE a;
COMMIT;
SELECT ends(:'since');
SELECT count(*) FROM audit_immutable.verify() WHERE NOT intact;
-- Shaped: renamed, moved, columns dropped, renamed, of another type, with a default, generated.
CREATE TABLE b (id int, note text, m mood, gone int) USING audit_immutable;
SELECT clock_timestamp() AS since \gset
ALTER TABLE b RENAME TO c;
ALTER TABLE c RENAME note TO remark;
ALTER TABLE c DROP COLUMN gone, ALTER m TYPE text, ALTER id TYPE text USING 'x' || id;
ALTER TABLE c ADD COLUMN n int NOT NULL DEFAULT 7, ADD COLUMN r float DEFAULT random(), ADD COLUMN g text GENERATED ALWAYS AS (remark || 'g') STORED,
    ADD COLUMN i int GENERATED ALWAYS AS IDENTITY, ADD COLUMN s serial;
SELECT ends(:'since');
SELECT opened('c');
SELECT test.state('c');
INSERT INTO c (id, remark) VALUES ('1', 'one'), ('2', 'two');
SELECT id, remark, n, r IS NOT NULL, g, i, s, audit_seq FROM c ORDER BY audit_seq;
SELECT audit_immutable.line('c', 1, 1)::json -> 'columns';
SELECT test.state('c');
ALTER TABLE c ADD COLUMN later int;
INSERT INTO c (id, later) VALUES ('3', 3);
SELECT test.state('c');
-- With a row: refused, in words that are true.
SELECT test.refused('DROP TABLE c');
SELECT test.refused('DROP SCHEMA unused CASCADE') LIMIT 1;
SELECT test.refused('ALTER TABLE c RENAME TO d') LIMIT 1;
SELECT test.refused('ALTER TABLE c RENAME remark TO note') LIMIT 1;
SELECT test.refused('ALTER TABLE c SET SCHEMA public') LIMIT 1;
SELECT test.refused('ALTER TABLE c DROP COLUMN s') LIMIT 1;
SELECT test.refused('ALTER TABLE c ALTER remark TYPE text USING ''x''') LIMIT 1;
SELECT test.refused('ALTER TABLE c ADD COLUMN filled int DEFAULT 3');
SELECT test.refused('ALTER TABLE c ADD COLUMN filled float DEFAULT random()');
SELECT test.refused('ALTER TABLE c ADD COLUMN filled serial');
SELECT test.refused('ALTER TABLE c ADD COLUMN filled int GENERATED ALWAYS AS IDENTITY');
SELECT test.refused('ALTER TABLE c ADD COLUMN filled text GENERATED ALWAYS AS (remark) STORED');
-- Rows that were rolled back leave a page, and so does one that this transaction has written.
CREATE TABLE e (id int, note text) USING audit_immutable;
BEGIN;
INSERT INTO e VALUES (1);
SAVEPOINT s;
SELECT test.refused('ALTER TABLE e DROP COLUMN note') LIMIT 1;
ROLLBACK;
SELECT test.refused('ALTER TABLE e DROP COLUMN note') LIMIT 1;
SELECT test.refused('DROP TABLE e') LIMIT 1;
-- Its pages are gone after VACUUM, the index keeps its own.
VACUUM e;
SELECT pg_relation_size('e');
SELECT test.refused('DROP TABLE e') LIMIT 1;
-- What guards an empty table stays, stamps and all.
CREATE TABLE f (id int, m mood) USING audit_immutable;
SELECT test.refused('ALTER TABLE f DROP COLUMN audit_hash') LIMIT 1;
SELECT test.refused('ALTER TABLE f ALTER audit_chain TYPE bigint') LIMIT 1;
SELECT test.refused('ALTER TABLE f RENAME audit_chain TO chain') LIMIT 1;
SELECT test.refused('DROP TRIGGER audit_immutable_guard ON f') LIMIT 1;
SELECT test.refused('DROP INDEX f_audit_chain_audit_seq_idx') LIMIT 1;
SELECT test.refused('ALTER TABLE f DISABLE TRIGGER ALL') LIMIT 1;
SELECT test.refused('ALTER TABLE f SET ACCESS METHOD heap') LIMIT 1;
SELECT test.refused('ALTER TABLE f SET UNLOGGED') LIMIT 1;
SELECT test.refused('ALTER TABLE f ADD COLUMN r regclass') LIMIT 1;
-- A type goes with its column; the limit on chains stays.
SELECT FROM audit_immutable.retire('f', 'made again with a limit');
CREATE TABLE g (id int, m mood);
SELECT FROM audit_immutable.protect('g', chains => 2);
DROP TYPE mood CASCADE;
SELECT opened('g');
TRUNCATE g;
INSERT INTO g VALUES (1);
SELECT test.state('g');
-- Partitions.
CREATE TABLE root (k int, v int, w text) PARTITION BY LIST (k);
CREATE TABLE leaf PARTITION OF root FOR VALUES IN (1) USING audit_immutable;
CREATE TABLE other_leaf PARTITION OF root FOR VALUES IN (2) USING audit_immutable;
ALTER TABLE root DROP COLUMN w;
ALTER TABLE root ALTER v TYPE text;
ALTER TABLE root RENAME v TO u;
INSERT INTO root (k, u) VALUES (1, 'one');
SELECT opened('leaf'), opened('other_leaf');
SELECT test.refused('ALTER TABLE root DROP COLUMN u') LIMIT 1;
SELECT test.refused('DROP TABLE root') LIMIT 1;
DROP TABLE other_leaf;
SELECT test.state('leaf');
SELECT relation, first_finding FROM audit_immutable.verify() WHERE NOT intact;
-- A leaf that never had a row is detached as any, but not in two transactions; one that had goes with a reason.
CREATE TABLE loose PARTITION OF root FOR VALUES IN (3) USING audit_immutable;
SELECT test.refused('ALTER TABLE root DETACH PARTITION loose CONCURRENTLY') LIMIT 1;
ALTER TABLE root DETACH PARTITION loose;
SELECT opened('loose');
INSERT INTO loose (k, u) VALUES (3, 'three');
SELECT test.state('loose');
SELECT test.refused('ALTER TABLE root DETACH PARTITION leaf') LIMIT 1;
-- So is the schema renamed of tables that never had a row, and that of the types they hold.
CREATE SCHEMA young;
CREATE TYPE young.mood AS ENUM ('sad', 'happy');
CREATE TABLE young.log (id int, m young.mood) USING audit_immutable;
CREATE TABLE holds (id int, m young.mood) USING audit_immutable;
ALTER SCHEMA young RENAME TO old;
SELECT opened('old.log'), opened('holds');
INSERT INTO old.log VALUES (1, 'sad');
INSERT INTO holds VALUES (1, 'sad');
SELECT test.state('old.log'), test.state('holds');
SELECT test.refused('ALTER SCHEMA old RENAME TO young') LIMIT 1;
SELECT relation, first_finding FROM audit_immutable.verify() WHERE NOT intact;
-- And the types that they alone hold: by name, schema, labels, attributes, within each other.
CREATE TYPE feeling AS ENUM ('sad', 'happy');
CREATE TYPE wrapped AS (feeling feeling, note text);
CREATE DOMAIN worded AS text;
CREATE TABLE feelings (id int, f feeling, w wrapped[], d worded) USING audit_immutable;
CREATE TABLE row_of (id int, r feelings) USING audit_immutable;
SELECT clock_timestamp() AS since \gset
ALTER TYPE feeling RENAME TO mood;
ALTER TYPE mood RENAME VALUE 'sad' TO 'blue';
ALTER TYPE mood ADD VALUE 'angry';
ALTER TYPE wrapped RENAME ATTRIBUTE note TO remark;
ALTER TYPE wrapped ADD ATTRIBUTE n int, DROP ATTRIBUTE remark;
ALTER TYPE wrapped SET SCHEMA old;
ALTER DOMAIN worded RENAME TO text_of_ours;
ALTER TABLE feelings ADD COLUMN m mood;
ALTER TABLE feelings RENAME f TO first;
SELECT ends(:'since');
SELECT opened('feelings'), opened('row_of');
INSERT INTO feelings (id, first, w) VALUES (1, 'blue', ARRAY[ROW('angry', 7)::old.wrapped]);
SELECT test.state('feelings');
SELECT test.refused('ALTER TYPE mood RENAME TO feeling') LIMIT 1;
SELECT test.refused($$ALTER TYPE mood RENAME VALUE 'blue' TO 'sad'$$) LIMIT 1;
SELECT test.refused('ALTER TYPE old.wrapped ADD ATTRIBUTE o int') LIMIT 1;
SELECT test.refused('ALTER DOMAIN text_of_ours RENAME TO worded') LIMIT 1;
SELECT relation, first_finding FROM audit_immutable.verify() WHERE NOT intact;
