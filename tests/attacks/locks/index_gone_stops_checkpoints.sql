-- The index of one log's chains is made unfit by hand in the catalog: no checkpoint could be made of anybody's rows.
-- role: postgres
-- rings: ring2
-- says: done
-- verify: guard_missing
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'm.mine_audit_chain_audit_seq_idx'::regclass;
\connect
INSERT INTO s.a (actor) VALUES ('in time');
SELECT 1 / (audit_immutable.checkpoint() IS NOT NULL)::int;
SELECT 1 / (max(r.last_seq) = 11)::int FROM audit_immutable.leaf_range AS r
    JOIN audit_immutable.log AS l USING (log) WHERE l.relation = 's.a'::regclass;
SELECT 1 / (count(*) = 1)::int FROM audit_immutable.event
WHERE kind = 'checkpoint_skipped' AND relation = 'm.mine' AND detail ->> 'why' LIKE '%index of the chains is gone or not valid.';
