-- A log is emptied in the transaction that made it: its file stays, and rows that come there would go on with a run of which
-- nothing is left.
-- role: attacker
-- says: 42501 / 42501
-- verify: intact
BEGIN;
CREATE TABLE m.t (id int, note text) USING audit_immutable;
SAVEPOINT a;
INSERT INTO m.t SELECT n FROM generate_series(1, 20) AS n;
ROLLBACK TO a;
TRUNCATE m.t;
ROLLBACK TO a;
INSERT INTO m.t SELECT n FROM generate_series(1, 20) AS n;
SAVEPOINT b;
TRUNCATE m.t;
ROLLBACK TO b;
COMMIT;
BEGIN;
CREATE TABLE m.u (id int, note text) USING audit_immutable;
TRUNCATE m.u;
INSERT INTO m.u SELECT n FROM generate_series(1, 20) AS n;
COMMIT;
BEGIN;
CREATE TABLE m.v (id int, note text) USING audit_immutable;
TRUNCATE m.v;
COPY m.v (id) FROM STDIN (FREEZE);
1
2
\.
SAVEPOINT c;
COPY m.v (id) FROM STDIN;
3
\.
ROLLBACK TO c;
INSERT INTO m.v VALUES (3);
COMMIT;
SELECT 1 / (count(*) = 3)::int FROM m.v;
