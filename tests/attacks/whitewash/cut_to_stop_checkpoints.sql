-- The end of one log is cut off below a checkpoint: nobody's rows get into a checkpoint any more, so that those may go as well.
-- role: postgres
-- rings: ring2
-- says: done
-- verify: truncated checkpoint_mismatch
-- may change: m.mine
INSERT INTO m.mine SELECT i, 'row ' || i FROM generate_series(2, 10) AS i;
SELECT audit_immutable.checkpoint() IS NOT NULL;
\connect
UPDATE pg_trigger SET tgenabled = 'D' WHERE tgrelid = 'm.mine'::regclass;
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'heap') WHERE oid = 'm.mine'::regclass;
\connect
DELETE FROM m.mine WHERE id > 7;
VACUUM m.mine;
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'audit_immutable') WHERE oid = 'm.mine'::regclass;
UPDATE pg_trigger SET tgenabled = 'A' WHERE tgrelid = 'm.mine'::regclass;
REINDEX TABLE m.mine;
\connect - app_owner
INSERT INTO s.a (actor) VALUES ('in time');
\connect - postgres
SELECT 1 / (audit_immutable.checkpoint() IS NOT NULL)::int;
SELECT 1 / (max(r.last_seq) = 11)::int FROM audit_immutable.leaf_range AS r
    JOIN audit_immutable.log AS l USING (log) WHERE l.relation = 's.a'::regclass;
-- It is on record, and shown.
SELECT 1 / (count(*) = 1)::int FROM audit_immutable.event
WHERE kind = 'checkpoint_skipped' AND relation = 'm.mine' AND detail ->> 'why' = 'In audit table "m.mine", row 10 of chain 1 is gone.';
SELECT 1 / (skipped IS NOT NULL)::int FROM audit_immutable.status WHERE relation = 'm.mine'::regclass;
-- Rows in the place of those that are gone become no leaves.
\connect - attacker
INSERT INTO m.mine SELECT i, 'in their place ' || i FROM generate_series(8, 9) AS i;
\connect - postgres
SELECT audit_immutable.checkpoint() IS NOT NULL;
SELECT 1 / (max(r.last_seq) = 10)::int FROM audit_immutable.leaf_range AS r
    JOIN audit_immutable.log AS l USING (log) WHERE l.relation = 'm.mine'::regclass;
SELECT 1 / (count(*) = 1)::int FROM audit_immutable.event WHERE kind = 'checkpoint_skipped';
