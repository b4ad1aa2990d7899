"""Every way to reach the rows of a log: each is tried over each connection."""
from __future__ import annotations

READ = {
    "a sequential scan": "SET enable_indexscan = off; SET enable_bitmapscan = off; SELECT count(*) FROM log WHERE id > 0",
    "an index scan": "SET enable_seqscan = off; SET enable_bitmapscan = off; SELECT what FROM log WHERE id = 7",
    "an index-only scan": "SET enable_seqscan = off; SET enable_bitmapscan = off; SELECT id FROM log WHERE id = 7",
    "a bitmap scan": "SET enable_seqscan = off; SET enable_indexscan = off; SELECT what FROM log WHERE id < 9",
    "a row by its tid": "SELECT what FROM log WHERE ctid = '(0,1)'",
    "rows by a range of tids": "SELECT count(*) FROM log WHERE ctid < '(1,1)'",
    "a sample": "SELECT count(*) FROM log TABLESAMPLE SYSTEM (100)",
    "COPY TO": "COPY log TO STDOUT",
    "a cursor": "BEGIN; DECLARE c CURSOR FOR SELECT * FROM log; FETCH 1 FROM c; COMMIT",
    "a view": "SELECT count(*) FROM seen",
    "another's function": "SELECT first_of_log()",
    "a prepared statement": "PREPARE p AS SELECT count(*) FROM log; EXECUTE p",
    "SELECT FOR UPDATE": "SELECT id FROM log WHERE id = 1 FOR SHARE",
    "a parallel scan": "SET max_parallel_workers_per_gather = 4; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0;"
                       " SET min_parallel_table_scan_size = 0; SET enable_indexonlyscan = off; SELECT sum(length(what)) FROM log",
    "leaves that a worker reads alone": "SET max_parallel_workers_per_gather = 4; SET parallel_setup_cost = 0;"
                                        " SET parallel_tuple_cost = 0; SET parallel_leader_participation = off;"
                                        " SET min_parallel_table_scan_size = '1GB'; SELECT count(*) FROM root",
    "an exception handler": "DO $$ BEGIN PERFORM count(*) FROM log; EXCEPTION WHEN others THEN PERFORM count(*) FROM log; END $$",
    "a function in an index": "BEGIN; CREATE INDEX ON log (tell(what)); ROLLBACK",
    "a new index": "BEGIN; CREATE INDEX ON log (length(what)); ROLLBACK",
    "REINDEX": "REINDEX TABLE log",
    "ANALYZE": "ANALYZE log",
    "VACUUM FULL": "VACUUM FULL log",
    "a constraint that looks at each row": "BEGIN; ALTER TABLE log ADD CHECK (length(what) < 100); ROLLBACK",
    "verify": "SELECT intact FROM audit_immutable.verify('log')",
    "verify of everything": "SELECT count(*) FROM audit_immutable.verify()",
    "findings": "SELECT count(*) FROM audit_immutable.findings('log')",
    "export": "SELECT count(*) FROM audit_immutable.export('log')",
    "a line": "SELECT audit_immutable.line('log', 1, 1)",
    "heads": "SELECT count(*) FROM audit_immutable.heads('log')",
    "who wrote": "SELECT count(*) FROM audit_immutable.session",
    "what became of the logs": "SELECT count(*) FROM audit_immutable.event",
}

WRITE = {
    "INSERT": "BEGIN; INSERT INTO log VALUES (0, 'x'); ROLLBACK",
    "COPY FROM": "BEGIN; COPY log (id, what) FROM STDIN;\n-1\tx\n\\.\nROLLBACK",
    "ON CONFLICT": "BEGIN; INSERT INTO log VALUES (0, 'x') ON CONFLICT DO NOTHING; ROLLBACK",
    "INSERT through the root": "BEGIN; INSERT INTO root VALUES (1, 'x'); ROLLBACK",
    "a foreign key": "BEGIN; INSERT INTO child VALUES (1); ROLLBACK",
    "a checkpoint": "DO $$ BEGIN PERFORM audit_immutable.checkpoint(); EXCEPTION WHEN SQLSTATE 'F0000' THEN NULL; END $$",  # no key
    "acknowledge": "BEGIN; SELECT audit_immutable.acknowledge('log', 'try'); ROLLBACK",
    "acknowledge_all": "BEGIN; SELECT audit_immutable.acknowledge_all('try'); ROLLBACK",
    "retire": "BEGIN; SELECT audit_immutable.retire('other', 'try'); ROLLBACK",
    "detach": "BEGIN; SELECT audit_immutable.detach('leaf_2', 'try'); ROLLBACK",
    "a new audit table": "BEGIN; CREATE TABLE another (id int) USING audit_immutable; ROLLBACK",
    "protect": "BEGIN; SELECT audit_immutable.protect('plain'); ROLLBACK",
    "restrict": "BEGIN; SELECT audit_immutable.restrict('log', 'private, loopback', reason => 'try'); ROLLBACK",
}

# What has nothing to do with rows of a log goes on over any connection.
FREE = {
    "a plain table": "INSERT INTO plain VALUES (1); SELECT count(*) FROM plain",
    "CREATE TABLE": "BEGIN; CREATE TABLE another (id int); ROLLBACK",
    "the catalog": "SELECT count(*) FROM pg_class",
    "a new column of a log": "BEGIN; ALTER TABLE log ADD COLUMN more int; ROLLBACK",
    "what the program is": "SELECT audit_immutable.library_version() IS NOT NULL",
}
