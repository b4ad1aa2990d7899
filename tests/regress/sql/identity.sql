-- Which database this is: every opening line names it, so that no chain can be passed off as another database's.
\a
\t on
SELECT count(*) FROM audit_immutable.database;
SELECT bool_and(audit_immutable.opening_line(relation)::json ->> 'database' = (SELECT id::text FROM audit_immutable.database)) FROM audit_immutable.log;
SELECT id AS here FROM audit_immutable.database \gset
SELECT test.refused('INSERT INTO audit_immutable.database (id) VALUES (gen_random_uuid())');
SELECT test.refused('UPDATE audit_immutable.database SET id = gen_random_uuid()');
-- Another database has none before the extension writes its first row: nothing is missing, and nothing can be said yet.
CREATE DATABASE identity_empty TEMPLATE template0;
\c identity_empty
CREATE EXTENSION audit_immutable;
SELECT count(*) FROM audit_immutable.database;
SELECT relation, log, columns FROM audit_immutable.log ORDER BY relation::text COLLATE "C";
SELECT relation, armed, rows, chains, heads FROM audit_immutable.status ORDER BY relation::text COLLATE "C";
SELECT relation, intact, rows, first_finding FROM audit_immutable.verify() ORDER BY relation::text COLLATE "C";
SELECT count(*) FROM audit_immutable.export('audit_immutable.session');
SELECT audit_immutable.opening_line('audit_immutable.event') IS NULL AS unknown;
-- A transaction that is rolled back takes it back; the next makes another.
BEGIN;
CREATE TABLE t (a int) USING audit_immutable;
INSERT INTO t VALUES (1);
SELECT id AS first FROM audit_immutable.database \gset
SELECT intact FROM audit_immutable.verify('t');
ROLLBACK;
SELECT count(*) FROM audit_immutable.database;
BEGIN;
SAVEPOINT s;
CREATE TABLE t (a int) USING audit_immutable;
SELECT id AS second FROM audit_immutable.database \gset
ROLLBACK TO s;
CREATE TABLE t (a int) USING audit_immutable;
INSERT INTO t VALUES (1);
SAVEPOINT s;
INSERT INTO t VALUES (2);
ROLLBACK TO s;
COMMIT;
SELECT id <> :'first' AND id <> :'second' AND id <> :'here' AS another FROM audit_immutable.database;
SELECT audit_immutable.opening_line('t')::json ->> 'database' = id::text FROM audit_immutable.database;
SELECT relation, intact, rows FROM audit_immutable.verify() WHERE rows > 0 ORDER BY relation::text COLLATE "C";
-- Its row is the first that was written, in the session that it was written for.
SELECT d.audit_chain, d.audit_seq, s.id = d.audit_session AS by_session, s.session_user_name FROM audit_immutable.database AS d JOIN audit_immutable.session AS s ON s.id = d.audit_session;
-- A copy of the database is the same to those who read its rows.
SELECT id AS of_copied FROM audit_immutable.database \gset
\c contrib_regression
CREATE DATABASE identity_copy TEMPLATE identity_empty;
\c identity_copy
SELECT id = :'of_copied' AS same FROM audit_immutable.database;
INSERT INTO t VALUES (3);
SELECT relation, intact, rows FROM audit_immutable.verify() WHERE rows > 0 ORDER BY relation::text COLLATE "C";
-- The extension's tables, dropped and made again, are those of another database; in one session too.
SELECT audit_immutable.retire('t', 'ends here');
DROP TABLE t;
DROP EXTENSION audit_immutable CASCADE;
CREATE EXTENSION audit_immutable;
CREATE TABLE t (a int) USING audit_immutable;
SELECT id <> :'of_copied' AS another FROM audit_immutable.database;
SELECT relation, intact FROM audit_immutable.verify() WHERE rows > 0 ORDER BY relation::text COLLATE "C";
BEGIN;
SELECT audit_immutable.retire('t', 'and here');
DROP TABLE t;
DROP EXTENSION audit_immutable CASCADE;
ROLLBACK;
INSERT INTO t VALUES (1);
SELECT relation, intact FROM audit_immutable.verify() WHERE rows > 0 ORDER BY relation::text COLLATE "C";
\c contrib_regression
DROP DATABASE identity_empty;
DROP DATABASE identity_copy;
