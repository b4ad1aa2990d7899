-- A partition root like a log, with its indexes: each heap leaf would get an index that needs the library, and the root one
-- that keeps the extension in the database.
-- role: attacker
-- says: done
-- verify: intact
CREATE TABLE m.root (LIKE m.mine INCLUDING ALL) PARTITION BY LIST (id);
CREATE TABLE m.leaf PARTITION OF m.root FOR VALUES IN (1);
CREATE TEMP TABLE t (LIKE m.mine INCLUDING ALL);
SELECT 1 / (count(*) = 0)::int FROM pg_class AS c JOIN pg_am AS am ON am.oid = c.relam
WHERE amname = 'audit_chain' AND relkind IN ('i', 'I') AND c.oid <> 'm.mine_audit_chain_audit_seq_idx'::regclass
    AND relnamespace IN ('m'::regnamespace, pg_my_temp_schema());
CREATE INDEX ON m.root USING audit_chain (audit_chain, audit_seq);
DROP TABLE m.root;
