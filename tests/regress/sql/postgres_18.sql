-- What PostgreSQL has from 18 on.
SELECT current_setting('server_version_num')::int < 180000 AS skip \gset
\if :skip
\quit
\endif
CREATE SCHEMA since_18;
SET search_path = since_18;
\a
\t on
-- A virtual generated column, which is what 18 makes where nothing else is said.
SELECT test.refused('CREATE TABLE t (a int, twice int GENERATED ALWAYS AS (a * 2)) USING audit_immutable');
SELECT test.refused('CREATE TABLE t (a int, twice int GENERATED ALWAYS AS (a * 2) VIRTUAL) USING audit_immutable');
CREATE TABLE plain (a int, twice int GENERATED ALWAYS AS (a * 2));
SELECT test.refused($$SELECT audit_immutable.protect('plain')$$);
SELECT test.refused('ALTER TABLE plain SET ACCESS METHOD audit_immutable');
SELECT test.refused('CREATE TABLE t (LIKE plain INCLUDING GENERATED) USING audit_immutable');
CREATE TABLE t (a int, twice int GENERATED ALWAYS AS (a * 2) STORED) USING audit_immutable;
SELECT test.refused('ALTER TABLE t ADD COLUMN thrice int GENERATED ALWAYS AS (a * 3)');
CREATE TABLE root (a int) PARTITION BY LIST (a);
CREATE TABLE leaf PARTITION OF root DEFAULT USING audit_immutable;
SELECT test.refused('ALTER TABLE root ADD COLUMN twice int GENERATED ALWAYS AS (a * 2)');
-- RETURNING of both sides.
INSERT INTO t VALUES (1) RETURNING old.a, new.a, new.twice, new.audit_seq;
SELECT test.refused('UPDATE t SET a = 2 RETURNING old.a, new.a');
SELECT test.refused('DELETE FROM t RETURNING old.*');
-- Constraints: NOT NULL has a name, and they may be there without being enforced.
ALTER TABLE t ADD CONSTRAINT known NOT NULL a;
SELECT test.refused('INSERT INTO t DEFAULT VALUES');
ALTER TABLE t ADD CONSTRAINT small CHECK (a < 10) NOT ENFORCED;
INSERT INTO t VALUES (11);
ALTER TABLE t DROP CONSTRAINT known;
CREATE TABLE parent (a int PRIMARY KEY);
SELECT test.refused('ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES parent ON DELETE CASCADE NOT ENFORCED');
CREATE TABLE cascading (a int REFERENCES parent ON DELETE CASCADE NOT ENFORCED);
SELECT test.refused($$SELECT audit_immutable.protect('cascading')$$);
ALTER TABLE t ADD CONSTRAINT t_parent FOREIGN KEY (a) REFERENCES parent NOT ENFORCED;
INSERT INTO t VALUES (12);
SELECT test.state('t');
-- WITHOUT OVERLAPS.
CREATE TABLE booked (room int4range, during tsrange, PRIMARY KEY (room, during WITHOUT OVERLAPS)) USING audit_immutable;
INSERT INTO booked VALUES ('[1,2)', '[2026-01-01,2026-02-01)');
SELECT test.refused($$INSERT INTO booked VALUES ('[1,2)', '[2026-01-15,2026-03-01)')$$);
INSERT INTO booked VALUES ('[1,2)', '[2026-02-01,2026-03-01)');
SELECT test.state('booked');
-- Statistics that are written and not gathered.
SELECT pg_restore_relation_stats('schemaname', 'since_18', 'relname', 't', 'relpages', 1000, 'reltuples', 5::real);
SELECT pg_restore_attribute_stats('schemaname', 'since_18', 'relname', 't', 'attname', 'a', 'inherited', false, 'null_frac', 0.5::real);
SELECT test.state('t');
-- uuidv7 is a default like others.
CREATE TABLE named (id uuid DEFAULT uuidv7(), note text) USING audit_immutable;
INSERT INTO named (note) VALUES ('one'), ('two');
SELECT test.state('named');
