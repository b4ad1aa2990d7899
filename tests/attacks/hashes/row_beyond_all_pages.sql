-- A reader hands the aggregate behind verify the tid of a page that no table can have, by which PostgreSQL means a new one:
-- the log would grow, without end, by a SELECT in a read-only transaction.
-- role: auditor
-- says: 22023 / 22023 / XX000 / XX001 / 42809 / 42809 / 42809 / 42809 / 42809 / 42P01 / 42501
-- verify: intact
SELECT pg_relation_size('s.a') AS before \gset
BEGIN READ ONLY;
SELECT octet_length(audit_immutable.check_rows('s.a'::regclass, t::tid, true)) FROM (VALUES ('(4294967295,1)'), ('(4294967295,0)'), ('(0,1)')) AS rows (t);
ROLLBACK;
SELECT octet_length(audit_immutable.check_rows('s.a'::regclass, '(4294967295,1)', false));
SELECT octet_length(audit_immutable.check_rows('s.a'::regclass, '(4294967294,1)', false));
SELECT octet_length(audit_immutable.check_rows('s.a'::regclass, '(1000,1)', false));
SELECT octet_length(audit_immutable.check_rows('s.a'::regclass, '(0,65535)', false));
SELECT octet_length(audit_immutable.check_rows('s.a'::regclass, '(0,0)', false));
SELECT octet_length(audit_immutable.check_rows('s.a_pkey'::regclass, '(0,1)', false));
SELECT octet_length(audit_immutable.check_rows('s.a_audit_chain_audit_seq_idx'::regclass, '(1,1)', false));
SELECT octet_length(audit_immutable.check_rows('s.a_id_seq'::regclass, '(0,1)', false));
SELECT octet_length(audit_immutable.check_rows('pg_class'::regclass, '(0,1)', false));
SELECT octet_length(audit_immutable.check_rows('pg_stat_activity'::regclass, '(0,1)', false));
SELECT octet_length(audit_immutable.check_rows(0, '(0,1)', false));
SELECT octet_length(audit_immutable.check_rows('m.mine'::regclass, '(0,1)', false));
SELECT 1 / (pg_relation_size('s.a') = :before)::int;
