-- What PostgreSQL has from 17 on.
SELECT current_setting('server_version_num')::int < 170000 AS skip \gset
\if :skip
\quit
\endif
CREATE SCHEMA since_17;
SET search_path = since_17;
\a
\t on
-- A partitioned table with the access method: its leaves are logs without a word.
CREATE TABLE root (k int, note text) PARTITION BY LIST (k) USING audit_immutable;
SELECT audit_immutable.protect('root');
CREATE TABLE leaf_1 PARTITION OF root FOR VALUES IN (1);
CREATE TABLE branch PARTITION OF root FOR VALUES IN (2, 3) PARTITION BY LIST (k);
CREATE TABLE leaf_2 PARTITION OF branch FOR VALUES IN (2);
CREATE TABLE plain PARTITION OF branch FOR VALUES IN (3) USING heap;
INSERT INTO root VALUES (1, 'one'), (2, 'two'), (3, 'three');
SELECT relname, relkind, amname FROM pg_class AS c LEFT JOIN pg_am AS a ON a.oid = relam
WHERE relnamespace = 'since_17'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1;
SELECT test.state('leaf_1');
SELECT test.state('leaf_2');
SELECT test.refused('DELETE FROM root');
SELECT test.refused('ALTER TABLE root SET ACCESS METHOD heap');
SELECT test.refused('ALTER TABLE branch SET ACCESS METHOD DEFAULT');
SELECT test.refused('ALTER TABLE leaf_1 SET ACCESS METHOD heap');
CREATE TABLE empty (k int) PARTITION BY LIST (k) USING audit_immutable;
ALTER TABLE empty SET ACCESS METHOD heap;
DROP TABLE empty;
-- A root that gets it later: what is there stays as it is.
CREATE TABLE late (k int) PARTITION BY LIST (k);
CREATE TABLE late_1 PARTITION OF late FOR VALUES IN (1);
ALTER TABLE late SET ACCESS METHOD audit_immutable;
CREATE TABLE late_2 PARTITION OF late FOR VALUES IN (2);
INSERT INTO late VALUES (1), (2);
DELETE FROM late_1;
SELECT test.state('late_2');
-- SET EXPRESSION would have stored columns computed anew.
CREATE TABLE computed (a int, twice int GENERATED ALWAYS AS (a * 2) STORED) USING audit_immutable;
SELECT test.refused('ALTER TABLE computed ALTER twice SET EXPRESSION AS (a * 3)');
INSERT INTO computed VALUES (1);
SELECT test.refused('ALTER TABLE computed ALTER twice SET EXPRESSION AS (a * 3)');
SELECT test.state('computed');
-- Without event triggers none would make a log of a new table.
SET event_triggers = off;
SELECT test.refused('CREATE TABLE unseen (a int) USING audit_immutable');
SELECT test.refused('CREATE TABLE unseen USING audit_immutable AS SELECT 1 AS a');
SELECT test.refused('ALTER TABLE plain SET ACCESS METHOD audit_immutable');
SELECT test.refused('CREATE TABLE leaf_4 PARTITION OF root FOR VALUES IN (4)');
-- Nor does a log become a plain table; and verify says how it is.
SELECT test.refused('ALTER TABLE leaf_1 SET ACCESS METHOD heap');
ALTER TABLE leaf_1 ADD CHECK (k > 0);
ALTER TABLE computed ADD COLUMN unseen int;
VACUUM FULL leaf_1;
SELECT DISTINCT kind, detail FROM audit_immutable.findings('audit_immutable.opening');
RESET event_triggers;
SELECT test.state('leaf_1');
-- The chains' index is built by one process, which alone knows where runs begin.
CREATE TABLE long (a int) USING audit_immutable;
INSERT INTO long SELECT generate_series(1, 5000);
SELECT pg_indexes_size('long') AS before \gset
SET min_parallel_table_scan_size = 0;
REINDEX TABLE long;
SELECT pg_indexes_size('long') <= :before;
SELECT test.state('long');
-- MERGE that says what it did, and that looks at rows without a source.
MERGE INTO computed AS c USING (VALUES (2)) AS s (a) ON c.a = s.a
WHEN NOT MATCHED BY TARGET THEN INSERT (a) VALUES (s.a)
RETURNING merge_action(), c.a, c.twice, c.audit_seq;
SELECT test.refused($$MERGE INTO computed AS c USING (VALUES (2)) AS s (a) ON c.a = s.a WHEN NOT MATCHED BY SOURCE THEN DELETE$$);
-- COPY that goes over what it cannot read: what comes in is one gap-free chain.
CREATE TABLE copied (a int, note text) USING audit_immutable;
COPY copied (a, note) FROM stdin WITH (ON_ERROR ignore);
1	one
two	two
3	three
\.
SELECT a, note, audit_chain, audit_seq FROM copied ORDER BY audit_chain, audit_seq;
SELECT test.state('copied');
-- A trigger at log-in that writes into a log.
CREATE FUNCTION logged_in() RETURNS event_trigger LANGUAGE plpgsql AS
    'BEGIN INSERT INTO since_17.copied (note) VALUES (''login by '' || session_user); END';
CREATE EVENT TRIGGER logged_in ON login EXECUTE FUNCTION logged_in();
ALTER EVENT TRIGGER logged_in ENABLE ALWAYS;
\c -
DROP EVENT TRIGGER logged_in;
SET search_path = since_17;
SELECT a, note, audit_seq IS NOT NULL FROM copied WHERE a IS NULL;
SELECT test.state('copied');
-- MAINTAIN is upkeep, and no more.
GRANT USAGE ON SCHEMA since_17 TO bob;
GRANT MAINTAIN ON computed TO bob;
SET ROLE bob;
REINDEX TABLE computed;
VACUUM FULL computed;
ANALYZE computed;
SELECT test.refused('TRUNCATE computed');
SELECT test.refused('ALTER TABLE computed DISABLE TRIGGER ALL');
RESET ROLE;
SELECT test.state('computed');
