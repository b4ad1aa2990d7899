-- Verification of what came after: at the cost of the new rows, and with the same verdict on them.
CREATE SCHEMA since;
SET search_path = since;
\a
\t on
CREATE TABLE t (id int, v text) USING audit_immutable;
INSERT INTO t SELECT i, 'row ' || i FROM generate_series(1, 100) AS i;
SELECT intact, rows, array_length(heads, 1), heads[1] ~ '^1:100:[0-9a-f]{64}$' FROM audit_immutable.verify('t');
SELECT heads AS first FROM audit_immutable.verify('t') \gset
SELECT intact, rows, heads = :'first' FROM audit_immutable.verify('t', since => :'first');
INSERT INTO t SELECT i, 'row ' || i FROM generate_series(101, 110) AS i;
SELECT intact, rows, chains, split_part(heads[1], ':', 2) FROM audit_immutable.verify('t', since => :'first');
-- From the beginning, and from a chain that is not there yet.
SELECT intact, rows FROM audit_immutable.verify('t', since => '{}');
SELECT intact, rows, chains, first_finding FROM audit_immutable.verify('t', since => ARRAY['7:1:' || repeat('0', 64)]);
-- A chain that is new since.
CREATE EXTENSION dblink;
CREATE TABLE u (id int) USING audit_immutable;
INSERT INTO u VALUES (1);
SELECT heads AS one_chain FROM audit_immutable.verify('u') \gset
BEGIN;
INSERT INTO u VALUES (2);
SELECT dblink_exec('dbname=' || current_database(), 'INSERT INTO since.u VALUES (3), (4)');
COMMIT;
SELECT intact, rows, chains, (SELECT array_agg(split_part(h, ':', 1) || ':' || split_part(h, ':', 2)) FROM unnest(heads) AS h) FROM audit_immutable.verify('u', since => :'one_chain');
SELECT test.state('u');
-- A row that is not as it was, and one that is gone.
SELECT intact, rows, first_finding FROM audit_immutable.verify('t', since => ARRAY['1:50:' || repeat('a', 64)]);
SELECT intact, rows, first_finding FROM audit_immutable.verify('t', since => ARRAY['1:500:' || repeat('a', 64)]);
-- Changed behind the position, and before it: retired, the table can be changed.
CREATE TABLE v (id int, v text) USING audit_immutable;
INSERT INTO v SELECT i, 'row ' || i FROM generate_series(1, 20) AS i;
SELECT array_agg('1:10:' || encode(audit_hash, 'hex')) AS tenth FROM v WHERE audit_seq = 10 \gset
SELECT audit_immutable.retire('v', 'to be changed');
UPDATE v SET v = 'changed' WHERE id = 5;
SELECT intact, rows, first_finding FROM audit_immutable.verify('v', since => :'tenth');
SELECT intact, first_finding FROM audit_immutable.verify('v');
UPDATE v SET v = 'changed' WHERE id = 15;
SELECT intact, rows, findings, first_finding FROM audit_immutable.verify('v', since => :'tenth');
DELETE FROM v WHERE id = 11;
SELECT intact, rows, findings, first_finding FROM audit_immutable.verify('v', since => :'tenth');
DELETE FROM v WHERE id = 10;
SELECT intact, rows, findings, first_finding FROM audit_immutable.verify('v', since => :'tenth');
-- What is no head.
SELECT test.refused('SELECT audit_immutable.verify(''t'', ARRAY[''1:2''])');
SELECT test.refused('SELECT audit_immutable.verify(''t'', ARRAY[''0:2:'' || repeat(''a'', 64)])') LIMIT 1;
SELECT test.refused('SELECT audit_immutable.verify(''t'', ARRAY[''1:0:'' || repeat(''a'', 64)])') LIMIT 1;
SELECT test.refused('SELECT audit_immutable.verify(''t'', ARRAY[''1:2:'' || repeat(''a'', 63)])') LIMIT 1;
SELECT test.refused('SELECT audit_immutable.verify(''t'', ARRAY[''1:2:'' || repeat(''a'', 64) || '':3''])') LIMIT 1;
SELECT test.refused('SELECT audit_immutable.verify(''t'', ARRAY[NULL]::text[])') LIMIT 1;
SELECT test.refused('SELECT audit_immutable.verify(NULL, ''{}'')');
DROP EXTENSION dblink;
SELECT relation, first_finding FROM audit_immutable.verify() WHERE NOT intact;
