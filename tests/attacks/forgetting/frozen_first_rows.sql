-- The first rows come frozen into a file that the transaction has just made, by TRUNCATE or CREATE, and are rolled back, in
-- whole or to a savepoint: what is remembered of them goes on, or the table passes for one that never had a row.
-- role: postgres
-- says: 55000 / 42501
-- verify: intact
CREATE TABLE s.new (id int, v text) USING audit_immutable;
BEGIN;
TRUNCATE s.new;
COPY s.new (id, v) FROM PROGRAM 'printf "1\tone\n2\ttwo\n"' (FREEZE);
ROLLBACK;
BEGIN;
TRUNCATE s.new;
SAVEPOINT a;
COPY s.new (id, v) FROM PROGRAM 'printf "1\tone\n2\ttwo\n"' (FREEZE);
ROLLBACK;
BEGIN;
SAVEPOINT a;
TRUNCATE s.new;
COPY s.new (id, v) FROM PROGRAM 'printf "1\tone\n2\ttwo\n"' (FREEZE);
ROLLBACK TO a;
INSERT INTO s.new VALUES (3, 'three');
COMMIT;
INSERT INTO s.new VALUES (4, 'four');
DROP TABLE s.new;
BEGIN;
CREATE TABLE s.newer (id int, v text) USING audit_immutable;
COPY s.newer (id, v) FROM PROGRAM 'printf "1\tone\n2\ttwo\n"' (FREEZE);
COMMIT;
INSERT INTO s.newer VALUES (3, 'three');
SELECT 1 / (sum(rows) = 5)::int FROM (SELECT (audit_immutable.verify(t)).rows FROM unnest('{s.new, s.newer}'::regclass[]) AS t) AS v;
