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
-- Each of them is refused, in fact.
SELECT test.refused('ALTER TABLE t ADD COLUMN region text DEFAULT ''eu''');
SELECT test.refused('ALTER TABLE t ADD COLUMN at timestamptz DEFAULT clock_timestamp()');
SELECT test.refused('ALTER TABLE t ADD COLUMN number int GENERATED ALWAYS AS IDENTITY') LIMIT 1;
SELECT test.refused('ALTER TABLE t ADD COLUMN twice int GENERATED ALWAYS AS (id * 2) STORED') LIMIT 1;
SELECT test.refused('ALTER TABLE t ADD COLUMN at regclass');
SELECT test.refused('ALTER TABLE t ALTER audit_seq SET DEFAULT 1');
SELECT count(*) FROM pg_attribute WHERE attrelid = 't'::regclass AND attname IN ('region', 'at', 'number', 'twice');
SELECT test.state('t');
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
-- What an owner does to a table besides. Of it, what verify compares the catalog with is recorded, and nothing else.
GRANT USAGE, CREATE ON SCHEMA upkeep TO alice, bob;
SET ROLE alice;
CREATE TABLE owned (id int PRIMARY KEY, note text, n int CONSTRAINT positive CHECK (n > 0), m int GENERATED BY DEFAULT AS IDENTITY) USING audit_immutable;
INSERT INTO owned VALUES (1, 'one', 1);
CREATE FUNCTION pass() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER mine BEFORE INSERT ON owned FOR EACH ROW EXECUTE FUNCTION pass();
ALTER TRIGGER mine ON owned RENAME TO ours;
ALTER TABLE owned DISABLE TRIGGER ours;
ALTER TABLE owned ENABLE REPLICA TRIGGER ours;
ALTER TABLE owned ENABLE ALWAYS TRIGGER ours;
DROP TRIGGER ours ON owned;
CREATE POLICY part ON owned USING (true);
ALTER POLICY part ON owned RENAME TO half;
ALTER TABLE owned ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE owned NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
DROP POLICY half ON owned;
GRANT SELECT ON owned TO bob;
REVOKE SELECT ON owned FROM bob;
CREATE INDEX owned_note ON owned (note);
ALTER INDEX owned_note RENAME TO owned_remark;
ALTER INDEX owned_audit_chain_audit_seq_idx RENAME TO owned_chains;
ALTER INDEX owned_remark SET (fillfactor = 50);
ALTER TABLE owned CLUSTER ON owned_remark;
ALTER TABLE owned RENAME CONSTRAINT positive TO above_zero;
ALTER TABLE owned DROP CONSTRAINT above_zero, DROP CONSTRAINT owned_pkey;
ALTER TABLE owned ALTER m RESTART WITH 100, ALTER n SET NOT NULL, ALTER note SET DEFAULT 'x', ALTER note SET (n_distinct = 5);
ALTER TABLE owned ALTER m DROP IDENTITY, ALTER n DROP NOT NULL, ALTER note DROP DEFAULT, ALTER note RESET (n_distinct);
ALTER TABLE owned REPLICA IDENTITY FULL;
CREATE VIEW owned_view AS SELECT * FROM owned;
CREATE OR REPLACE VIEW owned_view AS SELECT *, 1 AS more FROM owned;
DROP VIEW owned_view;
CREATE MATERIALIZED VIEW owned_sum AS SELECT count(*) FROM owned;
REFRESH MATERIALIZED VIEW owned_sum;
DROP MATERIALIZED VIEW owned_sum;
COMMENT ON COLUMN owned.note IS 'a remark';
BEGIN;
LOCK TABLE owned;
COMMIT;
VACUUM FULL owned;
RESET ROLE;
SET client_min_messages = error;     -- wal_level is not logical
CREATE PUBLICATION all_owned FOR TABLE owned;
RESET client_min_messages;
DROP PUBLICATION all_owned;
ALTER TABLE owned OWNER TO bob;
REASSIGN OWNED BY bob TO carol;
ALTER ROLE carol RENAME TO caroline;
SELECT * FROM audit_immutable.findings('owned');
ALTER ROLE caroline RENAME TO carol;
INSERT INTO owned (id, m) VALUES (1, 1) RETURNING audit_chain, audit_seq;
SELECT test.state('owned');
SELECT number, kind, role, detail - 'owner_oid' - 'functions' AS detail FROM audit_immutable.event WHERE relation = 'upkeep.owned' AND kind <> 'protect' ORDER BY number;
SELECT relation, number, kind, detail -> 'columns' -> -1 AS last_column FROM audit_immutable.event
WHERE relation LIKE 'upkeep.%' AND relation <> 'upkeep.owned' ORDER BY 1, 2;
-- The extension's own tables need it too.
VACUUM (FULL, ANALYZE) audit_immutable.event;
CLUSTER audit_immutable.session USING session_id_idx;
REINDEX TABLE CONCURRENTLY audit_immutable.opening;
ALTER TABLE audit_immutable.session SET (autovacuum_enabled = off), SET WITHOUT CLUSTER;
ALTER TABLE audit_immutable.session RESET (autovacuum_enabled);
-- An ENUM may get another label.
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE moods (m mood) USING audit_immutable;
INSERT INTO moods VALUES ('sad');
ALTER TYPE mood ADD VALUE 'fine' AFTER 'sad';
INSERT INTO moods VALUES ('fine');
SELECT test.refused('ALTER TYPE mood RENAME VALUE ''sad'' TO ''blue''');
SELECT test.state('moods');
-- An empty table.
CREATE TABLE empty (id int PRIMARY KEY) USING audit_immutable;
VACUUM FULL empty;
CLUSTER empty USING empty_pkey;
REINDEX TABLE empty;
CREATE INDEX CONCURRENTLY ON empty (id);
INSERT INTO empty VALUES (1) RETURNING audit_chain, audit_seq;
SELECT test.state('empty');
SELECT relation, first_finding FROM audit_immutable.verify() WHERE NOT intact;
-- What looks at a heap's pages refuses it.
CREATE EXTENSION pgrowlocks;
SELECT test.refused('SELECT * FROM pgrowlocks(''owned'')');
DROP EXTENSION pgrowlocks;
