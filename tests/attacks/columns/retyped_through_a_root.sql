-- ALTER COLUMN TYPE of a root goes down to its logs: with an expression, with a type that rounds, or with what a rewrite
-- would let in, it would change what their rows say.
-- role: app_owner
-- says: 42501 / 42501 / 42501
-- verify: intact
SET search_path = s;
CREATE TABLE root (k int, n numeric, v varchar(20)) PARTITION BY LIST (k);
CREATE TABLE leaf PARTITION OF root FOR VALUES IN (1) USING audit_immutable;
CREATE TABLE other PARTITION OF root FOR VALUES IN (2) USING audit_immutable;
INSERT INTO root VALUES (1, 1.55, 'one'), (2, 2.66, 'two');
ALTER TABLE root ALTER n TYPE numeric USING n + 1;
ALTER TABLE root ALTER n TYPE numeric(6, 1);
ALTER TABLE root ALTER n TYPE float8;
ALTER TABLE root ALTER v TYPE varchar(40);
INSERT INTO root VALUES (1, 3.77, 'three'), (2, 4.88, 'four');
ALTER TABLE root ALTER v TYPE text, ALTER n TYPE numeric(10, 2);
INSERT INTO root VALUES (1, 5.99, 'five');
SELECT 1 / (sum(n) = 18.85)::int FROM root;
\connect - postgres
SELECT 1 / (count(*) = 4)::int FROM audit_immutable.event WHERE kind = 'column_type_changed';
