-- What keeps a table in shape goes on as with any table.
CREATE SCHEMA upkeep;
SET search_path = upkeep;
\a
\t on
CREATE TABLE t (id int PRIMARY KEY, k int, note text, body text) USING audit_immutable;
CREATE INDEX t_k ON t (k);
INSERT INTO t SELECT i, i % 10, 'row ' || i, repeat('x', 100) FROM generate_series(1, 2000) AS i;
-- Long values, compressed and out of line.
INSERT INTO t SELECT i, i % 10, 'long', (SELECT string_agg(md5(i || '/' || j), '') FROM generate_series(1, 300) AS j) FROM generate_series(2001, 2010) AS i;
INSERT INTO t VALUES (2011, 1, 'compressed', repeat('0123456789', 10000));
ALTER TABLE t ALTER body SET STORAGE EXTERNAL;
INSERT INTO t VALUES (2012, 2, 'external', repeat('0123456789', 1000));
ALTER TABLE t ALTER body SET COMPRESSION pglz;
SELECT pg_relation_size(reltoastrelid) > 0, (SELECT amname FROM pg_am WHERE oid = t.relam)
FROM pg_class AS c, LATERAL (SELECT relam FROM pg_class WHERE oid = c.reltoastrelid) AS t WHERE c.oid = 't'::regclass;
-- The hashes, to see that no rewrite touches them.
SELECT md5(string_agg(line, E'\n')) AS export FROM audit_immutable.export('t') AS line \gset
CREATE FUNCTION same(export text) RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN md5(string_agg(line, E'\n')) = export THEN 'the same lines, ' ELSE 'OTHER LINES, ' END || test.state('upkeep.t')
    FROM audit_immutable.export('upkeep.t') AS line
$$;
SELECT same(:'export');
-- Rows that were rolled back leave room to clean up.
BEGIN;
INSERT INTO t SELECT i, 0, 'gone', repeat('y', 3000) FROM generate_series(3000, 3100) AS i;
ROLLBACK;
VACUUM t;
SELECT same(:'export');
VACUUM (FREEZE, ANALYZE) t;
VACUUM (INDEX_CLEANUP ON, TRUNCATE ON, DISABLE_PAGE_SKIPPING) t;
SELECT same(:'export');
ANALYZE t;
SELECT reltuples FROM pg_class WHERE oid = 't'::regclass;
SELECT n_distinct FROM pg_stats WHERE schemaname = 'upkeep' AND tablename = 't' AND attname = 'k';
VACUUM FULL t;
SELECT same(:'export');
CLUSTER t USING t_k;
SELECT same(:'export');
CLUSTER t;
SELECT count(*) AS out_of_order FROM (SELECT k < lag(k) OVER (ORDER BY ctid) AS it FROM t) AS x WHERE it;
SELECT same(:'export');
-- The rewritten table goes on where it was.
BEGIN;
INSERT INTO t VALUES (4000, 1, 'after') RETURNING audit_chain, audit_seq;
SELECT test.state('t');
ROLLBACK;
-- A rewrite in the transaction that wrote, and one that is undone.
BEGIN;
INSERT INTO t VALUES (4000, 1, 'before the rewrite');
CLUSTER t USING t_pkey;
INSERT INTO t VALUES (4001, 1, 'after it');
SAVEPOINT s;
CLUSTER t USING t_k;
INSERT INTO t VALUES (4002, 1, 'undone');
ROLLBACK TO s;
INSERT INTO t VALUES (4003, 1, 'next') RETURNING audit_seq;
SELECT test.state('t');
ROLLBACK;
SELECT same(:'export');
-- Indexes: built by one, by several, concurrently; built anew; partial, on expressions, unique, other methods.
CREATE INDEX t_note ON t (note) WHERE k > 5;
CREATE INDEX t_hash ON t USING hash (note);
CREATE INDEX t_brin ON t USING brin (id);
CREATE INDEX t_expression ON t (upper(note), (id % 7));
CREATE INDEX t_gin ON t USING gin (to_tsvector('simple', note));
SET min_parallel_table_scan_size = 0; SET max_parallel_maintenance_workers = 2; SET maintenance_work_mem = '96MB';
CREATE INDEX t_parallel ON t (note, id);
RESET min_parallel_table_scan_size; RESET max_parallel_maintenance_workers; RESET maintenance_work_mem;
CREATE UNIQUE INDEX CONCURRENTLY t_concurrently ON t (id, k);
CREATE UNIQUE INDEX CONCURRENTLY t_fails ON t (k);
SELECT count(*) FROM pg_index WHERE indrelid = 't'::regclass AND NOT indisvalid;
DROP INDEX t_fails;
REINDEX INDEX t_pkey;
REINDEX TABLE t;
REINDEX TABLE CONCURRENTLY t;
REINDEX INDEX CONCURRENTLY t_audit_chain_audit_seq_idx;
DROP INDEX CONCURRENTLY t_hash;
SELECT indexrelid::regclass, indisvalid FROM pg_index WHERE indrelid = 't'::regclass ORDER BY indexrelid::regclass::text;
INSERT INTO t VALUES (2013, 3, 'indexed everywhere') RETURNING audit_chain, audit_seq;
SET enable_seqscan = off;
SELECT id FROM t WHERE note = 'row 18' AND k > 5;
SELECT id FROM t WHERE upper(note) = 'ROW 77' AND id % 7 = 0;
SELECT id FROM t WHERE to_tsvector('simple', note) @@ 'everywhere';
SELECT count(*) FROM t WHERE id BETWEEN 10 AND 19;
SELECT count(*), sum(id) FROM t WHERE note >= 'row 1';
RESET enable_seqscan;
SELECT test.state('t');
-- Index-only and bitmap scans, sampling, TID scans, FOR UPDATE and its kin.
SET enable_seqscan = off; SET enable_bitmapscan = off;
SELECT count(*) FROM t WHERE id < 100;
SET enable_bitmapscan = on; SET enable_indexscan = off; SET enable_indexonlyscan = off;
SELECT count(*) FROM t WHERE k = 3;
RESET enable_seqscan; RESET enable_bitmapscan; RESET enable_indexscan; RESET enable_indexonlyscan;
SELECT count(*) FROM t TABLESAMPLE SYSTEM (100);
SELECT count(*) FROM t TABLESAMPLE BERNOULLI (100) REPEATABLE (1);
SELECT count(*) FROM t WHERE ctid IN (SELECT ctid FROM t WHERE id <= 5);
BEGIN;
SELECT id FROM t WHERE id = 1 FOR UPDATE;
SELECT id FROM t WHERE id = 2 FOR NO KEY UPDATE;
SELECT id FROM t WHERE id = 3 FOR SHARE;
SELECT id FROM t WHERE id = 4 FOR KEY SHARE SKIP LOCKED;
SAVEPOINT s;
SELECT id FROM t WHERE id = 4 FOR UPDATE NOWAIT;
ROLLBACK TO s;
INSERT INTO t VALUES (2014, 4, 'while locks are held') RETURNING audit_seq;
COMMIT;
SELECT test.state('t');
-- Parallel scans count what one process counts.
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET min_parallel_index_scan_size = 0; SET max_parallel_workers_per_gather = 2;
EXPLAIN (COSTS OFF) SELECT count(*), sum(id) FROM t;
SELECT count(*), sum(id), count(DISTINCT audit_seq), max(audit_seq), sum(length(body)) FROM t;
SELECT count(*) FROM t AS a JOIN t AS b USING (id);
CREATE TABLE gathered USING audit_immutable AS SELECT id, note FROM t;
SELECT test.state('gathered');
RESET parallel_setup_cost; RESET parallel_tuple_cost; RESET min_parallel_table_scan_size; RESET min_parallel_index_scan_size; RESET max_parallel_workers_per_gather;
-- Foreign keys that point here lock rows with FOR KEY SHARE.
CREATE TABLE points (t int REFERENCES t, n int);
INSERT INTO points SELECT i, i FROM generate_series(1, 10) AS i;
INSERT INTO points VALUES (99999, 1);
DELETE FROM points WHERE n > 5;
UPDATE points SET t = 2012 WHERE n = 1;
ALTER TABLE points ADD FOREIGN KEY (n) REFERENCES t NOT VALID;
ALTER TABLE points VALIDATE CONSTRAINT points_n_fkey;
SELECT count(*) FROM points;
SELECT test.state('t');
-- And from here to another.
CREATE TABLE kind (k int PRIMARY KEY);
INSERT INTO kind SELECT generate_series(0, 9);
ALTER TABLE t ADD FOREIGN KEY (k) REFERENCES kind;
\set VERBOSITY sqlstate
INSERT INTO t VALUES (2015, 99, 'no such kind');
DELETE FROM kind WHERE k = 1;
\set VERBOSITY default
SELECT test.state('t');
-- Columns that are added: NULL in the rows there are, so that no older line changes.
ALTER TABLE t ADD COLUMN later text;
INSERT INTO t (id, k, later) VALUES (2015, 5, 'later') RETURNING audit_seq;
INSERT INTO t (id, k) VALUES (2016, 6);
SELECT substring(audit_immutable.line('t', 1, audit_seq) FROM '"row":.*}') FROM t WHERE id >= 2015 ORDER BY id;
SELECT test.state('t');
ALTER TABLE t ALTER later SET DEFAULT 'from now on';
INSERT INTO t (id, k) VALUES (2017, 7) RETURNING later;
SELECT test.state('t');
-- One that would have a value in the rows there are: refused, or left out of their lines. Never a false alarm.
CREATE PROCEDURE attempt(command text) LANGUAGE plpgsql AS $$
BEGIN EXECUTE command; EXCEPTION WHEN OTHERS THEN NULL; END $$;
BEGIN;
CALL attempt('ALTER TABLE t ADD COLUMN region text DEFAULT ''eu''');
SELECT test.state('t');
ROLLBACK;
BEGIN;
CALL attempt('ALTER TABLE t ADD COLUMN at timestamptz DEFAULT clock_timestamp()');
SELECT test.state('t');
ROLLBACK;
BEGIN;
CALL attempt('ALTER TABLE t ADD COLUMN number int GENERATED ALWAYS AS IDENTITY');
SELECT test.state('t');
ROLLBACK;
BEGIN;
CALL attempt('ALTER TABLE t ADD COLUMN twice int GENERATED ALWAYS AS (id * 2) STORED');
SELECT test.state('t');
ROLLBACK;
ALTER TABLE t ADD CHECK (id > 0), ADD CONSTRAINT once UNIQUE (id, later), ALTER k SET NOT NULL;
VACUUM FULL t;
SELECT test.state('t');
-- Statistics objects, comments, storage parameters, tablespaces, logging.
CREATE STATISTICS t_stats ON k, note FROM t;
ANALYZE t;
ALTER TABLE t SET (fillfactor = 90, autovacuum_enabled = off);
ALTER TABLE t SET TABLESPACE pg_default;
ALTER TABLE t ALTER k SET STATISTICS 10, SET WITHOUT CLUSTER;
ALTER TABLE t SET LOGGED;
COMMENT ON TABLE t IS 'kept well';
SELECT test.state('t');
-- COPY out, and a table as a type.
COPY (SELECT id, later FROM t WHERE id > 2014 ORDER BY id) TO STDOUT;
SELECT (t).note FROM t WHERE id = 7;
-- An empty table.
CREATE TABLE empty (id int PRIMARY KEY) USING audit_immutable;
VACUUM FULL empty;
CLUSTER empty USING empty_pkey;
REINDEX TABLE empty;
CREATE INDEX CONCURRENTLY ON empty (id);
INSERT INTO empty VALUES (1) RETURNING audit_chain, audit_seq;
SELECT test.state('empty');
SELECT relation, first_finding FROM audit_immutable.verify() WHERE NOT intact;
