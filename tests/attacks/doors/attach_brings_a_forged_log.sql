-- The owner makes up last year's rows in a table of its own, protects it, and puts it into the tree as if it had always
-- been there. Whoever owns a root takes somebody else's log into it.
-- role: app_owner
-- says: 42501 / 42501
-- verify: intact
SET search_path = s;
CREATE TABLE root (at timestamptz, v text) PARTITION BY RANGE (at);
CREATE TABLE leaf PARTITION OF root FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') USING audit_immutable;
CREATE TABLE forged (LIKE root);
INSERT INTO forged (at, v) VALUES ('2025-05-05', 'never happened'), ('2025-06-06', 'nor this');
SELECT 1 / (audit_immutable.protect('forged') IS NOT NULL)::int;
ALTER TABLE root ATTACH PARTITION forged FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
-- On record for the tree and for the log, with what it brought, for good.
SELECT 1 / (count(*) = 2)::int FROM audit_immutable.verify('root') AS v
WHERE v.relation = 'root'::regclass AND v.on_record LIKE 'attached: s.forged (log %) with 2 rows up to ["1:2:%"], on record %Z by app_owner'
   OR v.relation = 'forged'::regclass AND v.on_record LIKE 'attached: to s.root with 2 rows up to ["1:2:%"], on record %Z by app_owner';
GRANT ALL ON SCHEMA s TO app_rw;
\connect - app_rw
SET search_path = s;
CREATE TABLE mine (k int) PARTITION BY LIST (k);
ALTER TABLE mine ATTACH PARTITION a DEFAULT;
SELECT audit_immutable.detach('leaf', 'not mine');
