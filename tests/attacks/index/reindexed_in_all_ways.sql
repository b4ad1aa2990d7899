-- The index is built anew in every way there is, between rows that are kept and rows that are undone: a way that reads
-- other rows than it should would leave an index that leads to too few, and the chain would fork.
-- role: app_owner
-- says: done
-- verify: intact
CREATE PROCEDURE s.more(what text) LANGUAGE sql AS $$ INSERT INTO s.a (action, details) SELECT what, to_jsonb(repeat('x', 400)) FROM generate_series(1, 25) $$;
CALL s.more('before');
BEGIN; CALL s.more('undone'); ROLLBACK;
BEGIN; CALL s.more('kept'); SAVEPOINT a; CALL s.more('undone'); ROLLBACK TO a; REINDEX TABLE s.a; CALL s.more('behind it'); SAVEPOINT b; REINDEX INDEX s.a_audit_chain_audit_seq_idx;
CALL s.more('undone with it'); ROLLBACK TO b; CALL s.more('once more'); COMMIT;
REINDEX (CONCURRENTLY) INDEX s.a_audit_chain_audit_seq_idx;
CALL s.more('one');
REINDEX (VERBOSE, CONCURRENTLY) TABLE s.a;
CALL s.more('two');
REINDEX (TABLESPACE pg_default) INDEX s.a_audit_chain_audit_seq_idx;
CALL s.more('three');
REINDEX SCHEMA s;
CALL s.more('four');
BEGIN; CALL s.more('undone'); ROLLBACK;
VACUUM (INDEX_CLEANUP off) s.a;
CALL s.more('five');
VACUUM (FREEZE, INDEX_CLEANUP on, PARALLEL 2) s.a;
CALL s.more('six');
CLUSTER s.a USING a_pkey;
CALL s.more('seven');
BEGIN; CALL s.more('undone'); ROLLBACK;
VACUUM FULL s.a;
CALL s.more('eight');
ALTER TABLE s.a SET TABLESPACE pg_default;
BEGIN; CLUSTER s.a; CALL s.more('undone'); ROLLBACK;
CALL s.more('nine');
BEGIN; CALL s.more('in a savepoint'); SAVEPOINT a; CALL s.more('released'); RELEASE a; CALL s.more('undone'); ROLLBACK;
CALL s.more('ten');
SELECT 1 / (max(audit_seq) = count(*))::int FROM s.a WHERE audit_chain = 1;
