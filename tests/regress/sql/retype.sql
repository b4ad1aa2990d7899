-- A column gets another type, and every row keeps its line.
CREATE SCHEMA retype;
SET search_path = retype;
\a
\t on
-- What the rows say without their stamps' times, and the type each line is read with.
CREATE FUNCTION lines(log regclass) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format($q$SELECT concat_ws(' ', audit_chain || ':' || audit_seq, audit_immutable.line(%1$L, audit_chain, audit_seq)::json -> 'row',
        audit_immutable.line(%1$L, audit_chain, audit_seq)::json -> 'columns') FROM %2$s ORDER BY audit_chain, audit_seq$q$, log, log);
END $$;
CREATE FUNCTION events(log regclass) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT concat_ws(' ', kind, role, detail -> 'types') FROM audit_immutable.event
    WHERE event.log = (audit_immutable.opening_line(events.log)::json ->> 'log')::uuid AND number > 1 ORDER BY number
$$;
CREATE TABLE t (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, small smallint, code varchar(5), amount numeric(6, 2), at timestamp(3), u uuid,
    bits bit(3), fixed char(4), note text CHECK (note <> 'bad')
) USING audit_immutable;
INSERT INTO t (small, code, amount, at, u, bits, fixed, note) VALUES
    (1, 'a', 1.50, '2026-01-01 10:00:00.123', '6a3c0000-0000-4000-8000-000000000001', '101', 'abcd', 'one'),
    (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL), (3, 'ccccc', 3, 'infinity', NULL, '111', 'dd', 'three');
CREATE TEMP TABLE before AS SELECT audit_immutable.export('t') AS line;
CREATE TEMP TABLE heads AS SELECT heads FROM audit_immutable.verify('t');
-- Nothing is rewritten.
SELECT pg_relation_filenode('t') AS file \gset
ALTER TABLE t ALTER code TYPE varchar(20), ALTER amount TYPE numeric(10, 2);
ALTER TABLE t ALTER code TYPE text, ALTER at TYPE timestamp(6), ALTER note TYPE varchar;
ALTER TABLE t ALTER note TYPE varchar COLLATE "C";
SELECT pg_relation_filenode('t') = :file AS same_file;
SELECT test.state('t');
-- It is: every row is compared with its hash.
ALTER TABLE t ALTER small TYPE int;
ALTER TABLE t ALTER id TYPE bigint, ALTER small TYPE bigint, ALTER u TYPE text;
ALTER TABLE t ALTER bits TYPE bit varying, ALTER amount TYPE numeric(10, 2);
SELECT pg_relation_filenode('t') = :file AS same_file;
SELECT test.state('t');
-- Each line is what it was, byte by byte; later rows say what the columns are.
SELECT count(*) FROM (SELECT audit_immutable.export('t') EXCEPT SELECT line FROM before) AS other;
INSERT INTO t (small, code) VALUES (5000000000, 'longer than it was'), (6, 'f');
SELECT lines('t');
SELECT test.state('t');
SELECT intact, findings FROM audit_immutable.verify('t', (SELECT heads FROM heads));
SELECT events('t');
SELECT test.shape('t') LIMIT 9;
-- With rows of its own transaction, with a column that is added, in a savepoint that is undone.
BEGIN;
INSERT INTO t (small) VALUES (7);
ALTER TABLE t ALTER small TYPE numeric, ADD COLUMN more int;
INSERT INTO t (small, more) VALUES (8, 8);
SAVEPOINT s;
ALTER TABLE t ALTER more TYPE bigint;
INSERT INTO t (small, more) VALUES (9, 5000000000);
ROLLBACK TO s;
INSERT INTO t (small, more) VALUES (10, 10);
COMMIT;
SELECT lines('t') OFFSET 5;
SELECT events('t') OFFSET 6;
SELECT test.state('t');
-- A narrower type where every value fits, and where one does not.
CREATE TABLE n (a numeric(6, 2), b bigint, c varchar(10), d timestamp) USING audit_immutable;
INSERT INTO n VALUES (1.25, 7, 'x', '2026-01-01 10:00:00.5'), (2, 8, 'abc  ', '2026-01-01 10:00:00.25');
SELECT test.refused('ALTER TABLE n ALTER a TYPE numeric(6, 1)');
SELECT test.refused('ALTER TABLE n ALTER a TYPE numeric(8, 4)');
SELECT test.refused('ALTER TABLE n ALTER a TYPE int');
SELECT test.refused('ALTER TABLE n ALTER c TYPE varchar(3)') LIMIT 2;
SELECT test.refused('ALTER TABLE n ALTER c TYPE char(10)') LIMIT 2;
SELECT test.refused('ALTER TABLE n ALTER d TYPE timestamp(1)') LIMIT 2;
ALTER TABLE n ALTER d TYPE timestamp(2), ALTER b TYPE smallint, ALTER c TYPE varchar(5);
SELECT test.state('n');
-- With a default that would reach the rows there, since they are rewritten.
SELECT test.refused('ALTER TABLE n ALTER b TYPE int, ADD COLUMN filled int DEFAULT 7');
SELECT test.refused('ALTER TABLE n ALTER b TYPE int, ADD COLUMN filled float DEFAULT random()');
-- Types under which a row says something else; a cast, a domain and an expression of a user's; stamps.
CREATE TYPE mood AS ENUM ('sad');
CREATE DOMAIN posint AS int CHECK (VALUE > 0);
CREATE TABLE r (i int, v text, d posint, m mood, ts timestamp, a int[], j json, f float4, ip cidr) USING audit_immutable;
INSERT INTO r VALUES (1, '1', 1, 'sad', '2026-01-01', '{1}', '{}', 0.1, '192.0.2.7');
SET TimeZone = 'UTC';
SELECT test.refused('ALTER TABLE r ALTER i TYPE text');
SELECT test.refused('ALTER TABLE r ALTER i TYPE oid') LIMIT 1;
SELECT test.refused('ALTER TABLE r ALTER i TYPE posint') LIMIT 1;
SELECT test.refused('ALTER TABLE r ALTER d TYPE int') LIMIT 1;
SELECT test.refused('ALTER TABLE r ALTER m TYPE text') LIMIT 1;
SELECT test.refused('ALTER TABLE r ALTER ts TYPE timestamptz') LIMIT 1;
SELECT test.refused('ALTER TABLE r ALTER a TYPE bigint[]') LIMIT 1;
SELECT test.refused('ALTER TABLE r ALTER j TYPE jsonb') LIMIT 1;
SELECT test.refused('ALTER TABLE r ALTER f TYPE float8') LIMIT 1;
SELECT test.refused('ALTER TABLE r ALTER ip TYPE inet') LIMIT 1;
SELECT test.refused('ALTER TABLE r ALTER i TYPE bigint USING i + 1');
SELECT test.refused('ALTER TABLE r ALTER i TYPE bigint USING i::smallint') LIMIT 2;
SELECT test.refused('ALTER TABLE r ALTER i TYPE bigint USING f::bigint') LIMIT 2;
SELECT test.refused('ALTER TABLE r ALTER i TYPE bigint USING i::int::bigint') LIMIT 2;
SELECT test.refused('ALTER TABLE r ALTER i TYPE posint USING i::posint') LIMIT 2;
SELECT test.refused('ALTER TABLE r ALTER audit_chain TYPE bigint');
SELECT test.refused('ALTER TABLE r ALTER audit_hash TYPE text') LIMIT 1;
RESET TimeZone;
-- The column, or its cast to the type, says nothing else; migration tools write it.
ALTER TABLE r ALTER i TYPE bigint USING i::bigint;
ALTER TABLE r ALTER i TYPE numeric USING i, ALTER v TYPE varchar(9) USING "v"::varchar(9);
SELECT test.state('r');
-- By the root of a partition tree.
CREATE TABLE root (k int, v varchar(3)) PARTITION BY LIST (k);
CREATE TABLE leaf PARTITION OF root FOR VALUES IN (1) USING audit_immutable;
CREATE TABLE other_leaf PARTITION OF root FOR VALUES IN (2) USING audit_immutable;
INSERT INTO root VALUES (1, 'a'), (2, 'b');
ALTER TABLE root ALTER v TYPE text;
INSERT INTO root VALUES (1, 'longer'), (2, 'longer');
SELECT test.state('leaf'), test.state('other_leaf');
SELECT lines('leaf');
ALTER TABLE root ADD COLUMN n int;
INSERT INTO root VALUES (1, 'n', DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT, 3);
ALTER TABLE root ALTER n TYPE bigint;
SELECT test.state('leaf'), test.state('other_leaf');
-- A function in a check, that PostgreSQL asks again for each row: it can add none, neither here nor to what stands in.
CREATE TABLE c (id int, note text) USING audit_immutable;
INSERT INTO c VALUES (1, 'one'), (2, 'two');
CREATE FUNCTION meddle(i bigint) RETURNS bool LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('retype.meddle', true) = 'table' THEN
        SET retype.meddle = '';
        INSERT INTO retype.c VALUES (77, 'smuggled');
    ELSIF current_setting('retype.meddle', true) = 'twin' THEN
        SET retype.meddle = '';
        EXECUTE format('INSERT INTO retype.pg_temp_%s SELECT 78, ''smuggled'', 2, 1, now(), 0, sha256(''x'')', 'retype.c'::regclass::oid);
    END IF;
    RETURN true;
END $$;
ALTER TABLE c ADD CONSTRAINT meddle CHECK (meddle(id));
SET retype.meddle = 'table';
SELECT test.refused('ALTER TABLE c ALTER id TYPE bigint');
SET retype.meddle = 'twin';
SELECT test.refused('ALTER TABLE c ALTER id TYPE bigint');
SET retype.meddle = '';
SELECT test.state('c');
ALTER TABLE c ALTER id TYPE bigint;
INSERT INTO c VALUES (3, 'three');
SELECT test.state('c');
SELECT relation, first_finding FROM audit_immutable.verify() WHERE NOT intact;
