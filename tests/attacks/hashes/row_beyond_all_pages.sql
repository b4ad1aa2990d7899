-- A reader hands the aggregate behind verify pages that no table can have, among them the number by which PostgreSQL means
-- a new one: the log would grow, without end, by a SELECT in a read-only transaction; or the backend reads for ever.
-- role: auditor
-- says: 42809 / 42809 / 42809 / 42809 / 42P01 / 42501
-- verify: intact
SELECT pg_relation_size('s.a') AS before \gset
BEGIN READ ONLY;
SET LOCAL statement_timeout = '20s';
SELECT octet_length(audit_immutable.check_rows('s.a'::regclass, f, e, true)) > 0
FROM (VALUES (4294967295, 4294967296), (4294967294, 4294967295), (0, 9223372036854775807), (-9223372036854775808, 9223372036854775807),
             (9223372036854775807, -1), (5, 2), (1000, 1001), (-1, 0)) AS pages (f, e);
COMMIT;
SELECT octet_length(audit_immutable.check_rows('s.a_pkey'::regclass, 0, 1, false));
SELECT octet_length(audit_immutable.check_rows('s.a_audit_chain_audit_seq_idx'::regclass, 1, 2, false));
SELECT octet_length(audit_immutable.check_rows('s.a_id_seq'::regclass, 0, 1, false));
SELECT octet_length(audit_immutable.check_rows('pg_stat_activity'::regclass, 0, 1, false));
SELECT octet_length(audit_immutable.check_rows(0, 0, 1, false));
SELECT octet_length(audit_immutable.check_rows('m.mine'::regclass, 0, 1, false));
SELECT 1 / (pg_relation_size('s.a') = :before)::int;
