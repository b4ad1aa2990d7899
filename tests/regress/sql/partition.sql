-- Partitions: the leaves are the logs, the root takes their stamp columns.
CREATE SCHEMA parts;
SET search_path = parts;
\a
\t on
CREATE TABLE events (day date, note text) PARTITION BY RANGE (day);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-02-01') USING audit_immutable;
CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2026-02-01') TO ('2026-03-01') USING audit_immutable;
SELECT test.shape('events');
SELECT test.shape('events_2');
INSERT INTO events VALUES ('2026-01-05', 'a'), ('2026-02-05', 'b'), ('2026-01-06', 'c')
RETURNING tableoid::regclass, note, audit_chain, audit_seq;
COPY events (day, note) FROM stdin;
2026-01-07	d
2026-02-07	e
\.
INSERT INTO events_2 VALUES ('2026-02-08', 'f');
SELECT tableoid::regclass, note, audit_chain, audit_seq FROM events ORDER BY 1, 3, 4;
SELECT test.state('events_1');
SELECT test.state('events_2');
SELECT relation, opened_as FROM audit_immutable.log WHERE opened_as LIKE 'parts.%' ORDER BY 2;
-- A sub-partitioned leaf; stamp columns reach the topmost root.
CREATE TABLE deep (region text, id int) PARTITION BY LIST (region);
CREATE TABLE deep_eu PARTITION OF deep FOR VALUES IN ('eu') PARTITION BY RANGE (id);
CREATE TABLE deep_eu_1 PARTITION OF deep_eu FOR VALUES FROM (0) TO (100) USING audit_immutable;
CREATE TABLE deep_us PARTITION OF deep FOR VALUES IN ('us') USING audit_immutable;
INSERT INTO deep VALUES ('eu', 1), ('us', 2), ('eu', 3);
SELECT tableoid::regclass, region, id, audit_chain, audit_seq FROM deep ORDER BY 1, 5;
SELECT test.state('deep_eu_1');
SELECT test.state('deep_us');
-- Only some leaves are audit tables: each goes by its own rules.
CREATE TABLE mixed (k int, note text) PARTITION BY LIST (k);
CREATE TABLE mixed_plain PARTITION OF mixed FOR VALUES IN (1);
INSERT INTO mixed VALUES (1, 'before');
CREATE TABLE mixed_audit PARTITION OF mixed FOR VALUES IN (2) USING audit_immutable;
INSERT INTO mixed VALUES (1, 'plain'), (2, 'audited');
SELECT tableoid::regclass, k, note, audit_chain, audit_seq FROM mixed ORDER BY 1, 3;
UPDATE mixed SET note = 'changed' WHERE k = 1;
SELECT test.refused($$UPDATE mixed SET note = 'changed' WHERE k = 2$$);
-- A row cannot leave for another partition.
SELECT test.refused($$UPDATE mixed SET k = 1 WHERE k = 2$$);
-- But it can come in by UPDATE of a plain one, which is an insert here.
INSERT INTO mixed VALUES (1, 'moves');
UPDATE mixed SET k = 2 WHERE note = 'moves' RETURNING tableoid::regclass, note, audit_chain, audit_seq;
SELECT test.state('mixed_audit');
-- A further leaf locks none of the others, nor does protecting one.
CREATE FUNCTION locked() RETURNS SETOF regclass LANGUAGE sql AS $$
    SELECT DISTINCT relation::regclass FROM pg_locks
    WHERE relation::regclass::text LIKE 'many%' AND relation::regclass::text NOT LIKE '%idx' AND pid = pg_backend_pid()
    ORDER BY 1
$$;
CREATE TABLE many (k int) PARTITION BY LIST (k);
CREATE TABLE many_1 PARTITION OF many FOR VALUES IN (1) USING audit_immutable;
CREATE TABLE many_2 PARTITION OF many FOR VALUES IN (2) USING audit_immutable;
CREATE TABLE many_3 PARTITION OF many FOR VALUES IN (3);
INSERT INTO many VALUES (1), (2), (3);
BEGIN;
CREATE TABLE many_4 PARTITION OF many FOR VALUES IN (4) USING audit_immutable;
SELECT locked();
COMMIT;
BEGIN;
SELECT audit_immutable.protect('many_3') IS NOT NULL AS protected;
SELECT locked();
COMMIT;
INSERT INTO many VALUES (3), (4);
SELECT tableoid::regclass, audit_chain, audit_seq FROM many ORDER BY 1, 3;
SELECT test.state('many_3'), test.state('many_4');
-- The default partition.
CREATE TABLE mixed_default PARTITION OF mixed DEFAULT USING audit_immutable;
INSERT INTO mixed VALUES (9, 'rest');
SELECT test.state('mixed_default');
-- default_table_access_method counts for partitions too.
SET default_table_access_method = audit_immutable;
CREATE TABLE auto (k int) PARTITION BY HASH (k);
CREATE TABLE auto_0 PARTITION OF auto FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE auto_1 PARTITION OF auto FOR VALUES WITH (MODULUS 2, REMAINDER 1);
RESET default_table_access_method;
INSERT INTO auto SELECT generate_series(1, 20);
SELECT count(*), sum(k) FROM auto;
SELECT test.state('auto_0') LIKE 'intact%', test.state('auto_1') LIKE 'intact%';
-- A leaf with rows comes under protection while it is attached.
CREATE TABLE grown (k int, note text) PARTITION BY LIST (k);
CREATE TABLE grown_1 PARTITION OF grown FOR VALUES IN (1);
INSERT INTO grown VALUES (1, 'old'), (1, 'older');
SELECT audit_immutable.protect('grown_1') IS NOT NULL AS protected;
INSERT INTO grown VALUES (1, 'new');
SELECT note, audit_chain, audit_seq FROM grown ORDER BY audit_seq;
SELECT test.state('grown_1');
-- A log joins a partition tree as it is, on record, and leaves it by detach() alone; its root does not go.
CREATE TABLE loose (day date, note text) USING audit_immutable;
INSERT INTO loose VALUES ('2026-03-05', 'x');
ALTER TABLE events ATTACH PARTITION loose FOR VALUES FROM ('2026-03-01') TO ('2026-04-01');
SELECT test.refused($$ALTER TABLE events ATTACH PARTITION loose FOR VALUES FROM ('2027-03-01') TO ('2027-04-01')$$);
INSERT INTO events VALUES ('2026-03-06', 'y');
SELECT test.state('loose');
SELECT kind, relation, role, jsonb_path_query_array(detail, '$.parents[*][0]') AS parents, detail ->> 'bound' AS bound,
    detail -> 'with' -> 'rows' AS rows
FROM audit_immutable.event WHERE relation = 'parts.loose' ORDER BY number;
SELECT test.refused('ALTER TABLE events DETACH PARTITION events_1');
ALTER TABLE events DETACH PARTITION events_1 CONCURRENTLY;
SELECT test.refused('ALTER TABLE events DETACH PARTITION events_1 FINALIZE') LIMIT 1;
SELECT test.refused('DROP TABLE events');
SELECT test.refused('DROP TABLE events CASCADE') LIMIT 1;
SELECT test.refused('ALTER TABLE events RENAME note TO remark');
SELECT test.refused('ALTER TABLE events DROP note') LIMIT 1;
SELECT relname, relispartition FROM pg_class WHERE oid IN ('loose'::regclass, 'events_1'::regclass, 'events_2'::regclass) ORDER BY 1;
INSERT INTO events VALUES ('2026-01-31', 'z');
SELECT test.refused('DELETE FROM events_1');
SELECT test.refused('TRUNCATE events');
SELECT test.state('events_1');
-- Detached it stays a log, and the root goes on naming it.
SELECT test.refused($$SELECT audit_immutable.detach('loose', ' ')$$);
SELECT test.refused($$SELECT audit_immutable.detach('events', 'no leaf')$$);
SELECT FROM audit_immutable.detach('loose', 'March is kept elsewhere');
SELECT test.refused($$SELECT audit_immutable.detach('loose', 'once more')$$);
SELECT test.refused('DELETE FROM loose');
INSERT INTO loose VALUES ('2026-01-02', 'anywhere');
SELECT test.state('loose');
SELECT kind, relation, role, reason, jsonb_path_query_array(detail, '$.left[*][0]') AS left, detail -> 'with' -> 'rows' AS rows
FROM audit_immutable.event WHERE relation = 'parts.loose' ORDER BY number DESC LIMIT 1;
-- A log without rows comes and goes as well; what is above the root is on record too.
CREATE TABLE region (LIKE deep INCLUDING DEFAULTS) USING audit_immutable;
ALTER TABLE deep_eu ATTACH PARTITION region FOR VALUES FROM (100) TO (200);
INSERT INTO deep VALUES ('eu', 150);
SELECT FROM audit_immutable.detach('region', 'a mistake');
SELECT kind, jsonb_path_query_array(detail, '$.parents[*][0]') AS parents, jsonb_path_query_array(detail, '$.left[*][0]') AS left, reason
FROM audit_immutable.event WHERE relation = 'parts.region' ORDER BY number;
SELECT test.state('region');
-- A branch with logs neither joins nor leaves; INHERIT is for no log.
CREATE TABLE far (LIKE deep INCLUDING DEFAULTS) PARTITION BY LIST (id);
CREATE TABLE far_1 PARTITION OF far FOR VALUES IN (1) USING audit_immutable;
SELECT test.refused($$ALTER TABLE deep ATTACH PARTITION far FOR VALUES IN ('far')$$);
SELECT test.refused('ALTER TABLE deep DETACH PARTITION deep_eu');
CREATE TABLE mother (LIKE loose);
SELECT test.refused('ALTER TABLE loose INHERIT mother');
-- A leaf that is made for it takes later rows; a column added to the root reaches every leaf.
CREATE TABLE events_3 PARTITION OF events FOR VALUES FROM ('2026-03-01') TO ('2026-04-01') USING audit_immutable;
INSERT INTO events SELECT day, note FROM loose;
ALTER TABLE events ADD COLUMN later text;
INSERT INTO events (day, later) VALUES ('2026-01-30', 'p'), ('2026-03-06', 'q');
SELECT relation, kind, role, detail -> 'columns' -> -1 FROM audit_immutable.event WHERE kind = 'column_added' AND relation LIKE 'parts.%' ORDER BY 1;
SELECT test.state('events_1');
SELECT test.state('events_2');
SELECT test.state('events_3');
-- Retired, a leaf can leave: with its rows and their stamps, which can still be checked.
SELECT FROM audit_immutable.retire('events_1', 'January is over');
ALTER TABLE events DETACH PARTITION events_1;
SELECT day, note, later, audit_chain, audit_seq FROM events_1 ORDER BY audit_seq;
SELECT test.state('events_1');
DELETE FROM events_1 WHERE note = 'z';
SELECT kind, seq FROM audit_immutable.findings('events_1');
SELECT kind, relation, role, reason FROM audit_immutable.event WHERE kind = 'retire' AND relation LIKE 'parts.%';
SELECT relation, first_finding FROM audit_immutable.verify() WHERE NOT intact;
-- The root is no log, but verify goes through its tree.
SELECT relation, intact, rows, first_finding FROM audit_immutable.verify('events');
SELECT kind, detail FROM audit_immutable.findings('events');
SELECT test.refused($$SELECT audit_immutable.protect('events')$$);
-- A table made to be a leaf has the root's stamp columns, with nothing in them yet: it can be attached, then protected.
CREATE TABLE made_apart (LIKE events INCLUDING DEFAULTS);
INSERT INTO made_apart (day, note) VALUES ('2031-01-05', 'from before');
ALTER TABLE events ATTACH PARTITION made_apart FOR VALUES FROM ('2031-01-01') TO ('2031-02-01');
SELECT audit_immutable.protect('made_apart') IS NOT NULL;
SELECT test.state('made_apart');
INSERT INTO events (day, note) VALUES ('2031-01-06', 'through the root');
SELECT audit_chain, audit_seq, note FROM made_apart ORDER BY 1, 2;
SELECT test.state('made_apart');
-- Of a root, the whole tree: what left it is named for ever, also once it is gone; and what came with rows.
SELECT regexp_replace(regexp_replace(line, '[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{64}', '…', 'g'), '\d{4}-\d\d-\d\dT[\d:]+Z', '…')
FROM audit_immutable.verify('events') AS v, regexp_split_to_table(v.on_record, '\n') AS line WHERE v.relation = 'events'::regclass;
SELECT FROM audit_immutable.retire('loose', 'kept on tape');
DROP TABLE loose;
SELECT regexp_count(on_record, 'parts\.loose') FROM audit_immutable.verify('events') WHERE relation = 'events'::regclass;
ALTER TABLE events RENAME TO happenings;
SELECT regexp_count(on_record, 'parts\.loose') FROM audit_immutable.verify('happenings') WHERE relation = 'happenings'::regclass;
SELECT leaf, chain, seq FROM audit_immutable.heads('happenings');
SELECT count(*) FILTER (WHERE line LIKE '%"opened"%') AS openings, count(*) FILTER (WHERE line NOT LIKE '%"opened"%') AS rows
FROM audit_immutable.export('happenings') AS line;
CREATE TABLE beside PARTITION OF happenings DEFAULT;
SELECT relation, root, armed, rows FROM audit_immutable.status WHERE root = 'happenings'::regclass ORDER BY relation::text;
DROP TABLE beside;
SELECT relation, intact, findings, rows FROM audit_immutable.verify('happenings');
-- The first log that is attached gives the root the stamp columns, and its plain leaves, if the caller may alter it.
CREATE TABLE late (k int, note text) PARTITION BY LIST (k);
CREATE TABLE late_1 PARTITION OF late FOR VALUES IN (1);
INSERT INTO late VALUES (1, 'plain');
CREATE TABLE late_2 (k int, note text) USING audit_immutable;
INSERT INTO late_2 VALUES (2, 'audited');
ALTER TABLE late ATTACH PARTITION late_2 FOR VALUES IN (2);
INSERT INTO late VALUES (2, 'through the root'), (1, 'plain too');
SELECT tableoid::regclass, k, note, audit_chain, audit_seq FROM late ORDER BY 1, 5, 3;
SELECT relation, intact, rows, first_finding FROM audit_immutable.verify('late');
