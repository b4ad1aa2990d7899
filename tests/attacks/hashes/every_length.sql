-- Rows whose lines have every length there is about the blocks of SHA-256, and about where a line is hashed alone: hashed
-- many at once, one could get another hash than by itself, and be judged another way.
-- role: attacker
-- says: done
-- verify: intact
CREATE TABLE m.t (v text) USING audit_immutable;
INSERT INTO m.t SELECT repeat('x', n) FROM generate_series(0, 700) AS n;
INSERT INTO m.t SELECT repeat('y', n % 130) FROM generate_series(1, 700) AS n ORDER BY n * 7919 % 701;
INSERT INTO m.t SELECT repeat('z', n) FROM generate_series(16384 - 330, 16384 - 190) AS n;
INSERT INTO m.t SELECT CASE WHEN n % 16 = 0 THEN repeat('w', 100000) ELSE '' END FROM generate_series(1, 100) AS n;
SELECT 1 / bool_and(sha256(convert_to(audit_immutable.line('m.t', audit_chain, audit_seq), 'UTF8')) = audit_hash)::int FROM m.t;
SELECT 1 / (count(DISTINCT length(audit_immutable.line('m.t', audit_chain, audit_seq)) % 64) = 64)::int FROM m.t;
SELECT 1 / intact::int FROM audit_immutable.verify('m.t');
SET max_parallel_workers_per_gather = 4;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT 1 / intact::int FROM audit_immutable.verify('m.t');
SELECT 1 / (count(*) = 0)::int FROM audit_immutable.findings('m.t');
