-- Tables of the heap with an index of chains: what a transaction knows of the runs of one must not be taken for those of a
-- log, and what the index calls its own may change and go there.
-- role: attacker
-- says: 0A000 / 42704 / 0A000 / 42701 / 42809
-- verify: intact
CREATE TABLE m.h (audit_chain int, audit_seq bigint, note text);
CREATE INDEX ON m.h USING audit_chain (audit_chain, audit_seq);
CREATE TEMP TABLE h (audit_chain int, audit_seq bigint);
CREATE INDEX ON h USING audit_chain (audit_chain, audit_seq);
CREATE UNLOGGED TABLE m.u (audit_chain int, audit_seq bigint);
CREATE INDEX ON m.u USING audit_chain (audit_chain, audit_seq);
BEGIN;
INSERT INTO m.mine SELECT n FROM generate_series(2, 50) AS n;
INSERT INTO m.h SELECT 1, n FROM generate_series(-5, 300) AS n;
INSERT INTO h SELECT 1, n FROM generate_series(1, 300) AS n;
INSERT INTO m.u SELECT 1, n FROM generate_series(9223372036854775800, 9223372036854775807) AS n;
INSERT INTO m.h VALUES (NULL, 1), (1, NULL), (NULL, NULL), (-2147483648, -9223372036854775808), (1, 9223372036854775807), (1, -9223372036854775808);
INSERT INTO m.mine SELECT n FROM generate_series(51, 100) AS n;
UPDATE m.h SET audit_seq = audit_seq + 1 WHERE audit_seq < 300;
DELETE FROM m.h WHERE audit_seq % 2 = 0;
TRUNCATE m.u;
INSERT INTO m.u SELECT 1, n FROM generate_series(1, 3) AS n;
COMMIT;
INSERT INTO m.h SELECT 1, n FROM generate_series(1, 300) AS n ON CONFLICT DO NOTHING;
MERGE INTO m.h USING m.mine ON h.audit_seq = mine.id WHEN MATCHED THEN UPDATE SET note = 'merged' WHEN NOT MATCHED THEN INSERT VALUES (1, id);
VACUUM (PARALLEL 2) m.h;
VACUUM FULL m.h;
REINDEX TABLE CONCURRENTLY m.h;
ALTER TABLE m.h ALTER COLUMN audit_chain TYPE bigint;
ALTER TABLE m.h ALTER COLUMN audit_chain TYPE oid USING audit_chain::oid;
ALTER TABLE m.h RENAME COLUMN audit_chain TO other;
ALTER TABLE m.u SET LOGGED;
ALTER TABLE m.h SET ACCESS METHOD audit_immutable;
SELECT audit_immutable.protect('m.h');
SELECT audit_immutable.retire('m.h', 'no log');
SELECT 1 / (count(*) > 0)::int FROM m.h WHERE other = 1 AND audit_seq > 5;
CREATE MATERIALIZED VIEW m.v AS SELECT audit_chain, audit_seq FROM m.mine;
CREATE INDEX ON m.v USING audit_chain (audit_chain, audit_seq);
INSERT INTO m.mine SELECT n FROM generate_series(101, 200) AS n;
REFRESH MATERIALIZED VIEW m.v;
SELECT 1 / (count(*) = 200)::int FROM m.v WHERE audit_chain = 1 AND audit_seq > 0;
