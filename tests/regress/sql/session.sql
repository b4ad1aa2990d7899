-- Who wrote: one row of audit_immutable.session for each identity of a connection.
CREATE SCHEMA who;
SET search_path = who;
\a
\t on
CREATE TABLE t (n int, note text) USING audit_immutable;
GRANT USAGE ON SCHEMA who TO alice, bob;
GRANT INSERT, SELECT ON t TO alice, bob;
-- Identities in the order they were first seen by this file; ids differ from run to run.
CREATE VIEW seen AS
    SELECT t.n, t.note, dense_rank() OVER (ORDER BY t.first) AS session, s.session_user_name AS session_user,
        s.current_user_name AS current_user, s.application_name AS application
    FROM (SELECT *, min(n) OVER (PARTITION BY audit_session) AS first FROM t) AS t
    LEFT JOIN audit_immutable.session AS s ON s.id = t.audit_session ORDER BY t.audit_chain, t.audit_seq;
\c -
SET search_path = who;
SET application_name = 'one';
INSERT INTO t VALUES (1, 'first'), (2, 'same row');
INSERT INTO t VALUES (3, 'same session');
SET application_name = 'two';
INSERT INTO t VALUES (4, 'other application');
SET application_name = 'one';
INSERT INTO t VALUES (5, 'as before');
SET ROLE alice;
INSERT INTO t VALUES (6, 'as alice');
SET ROLE bob;
INSERT INTO t VALUES (7, 'as bob');
RESET ROLE;
SET SESSION AUTHORIZATION alice;
INSERT INTO t VALUES (8, 'alice herself');
RESET SESSION AUTHORIZATION;
INSERT INTO t VALUES (9, 'as before');
SELECT * FROM seen;
-- A SECURITY DEFINER function writes as its owner, within one statement too.
CREATE FUNCTION write_as_bob(n int, note text) RETURNS void LANGUAGE sql SECURITY DEFINER
    AS 'INSERT INTO who.t VALUES (n, note)';
ALTER FUNCTION write_as_bob OWNER TO bob;
SET ROLE alice;
BEGIN;
INSERT INTO t VALUES (10, 'alice');
SELECT FROM write_as_bob(11, 'alice through bob');
INSERT INTO t VALUES (12, 'alice again');
COMMIT;
RESET ROLE;
SELECT * FROM seen WHERE n BETWEEN 10 AND 12;
-- Who may write to the log may not write to the sessions, nor to the opening lines.
SET ROLE alice;
SELECT test.refused('INSERT INTO audit_immutable.session (id) VALUES (1)');
SELECT test.refused('SELECT * FROM audit_immutable.session') LIMIT 1;
SELECT test.refused('INSERT INTO audit_immutable.opening (log, line) VALUES (gen_random_uuid(), ''x'')');
RESET ROLE;
-- A first transaction that is rolled back takes its session row along; the next writes it again.
\c -
SET search_path = who;
SET application_name = 'three';
BEGIN;
INSERT INTO t VALUES (20, 'rolled back');
ROLLBACK;
INSERT INTO t VALUES (21, 'kept');
INSERT INTO t VALUES (22, 'kept');
BEGIN;
SET LOCAL application_name = 'four';
SAVEPOINT a;
INSERT INTO t VALUES (23, 'rolled back');
ROLLBACK TO a;
INSERT INTO t VALUES (24, 'kept');
SAVEPOINT b;
SET LOCAL application_name = 'five';
INSERT INTO t VALUES (25, 'kept by release');
RELEASE b;
INSERT INTO t VALUES (26, 'still five');
COMMIT;
INSERT INTO t VALUES (27, 'three again');
SET application_name = 'five';
INSERT INTO t VALUES (28, 'five again');
SELECT n, note, application FROM seen WHERE n >= 20 ORDER BY n;
SELECT application_name, count(*) FROM audit_immutable.session WHERE application_name IN ('three', 'four', 'five') GROUP BY 1 ORDER BY 1;
-- A prepared transaction: rolled back, its session row is gone; committed, it is there. Others need it before that.
\c -
SET search_path = who;
SET application_name = 'six';
BEGIN;
INSERT INTO t VALUES (30, 'prepared, committed');
PREPARE TRANSACTION 'who one';
INSERT INTO t VALUES (31, 'in between');
SET application_name = 'seven';
BEGIN;
INSERT INTO t VALUES (32, 'prepared, rolled back');
PREPARE TRANSACTION 'who two';
INSERT INTO t VALUES (33, 'in between');
ROLLBACK PREPARED 'who two';
COMMIT PREPARED 'who one';
INSERT INTO t VALUES (34, 'after');
SELECT n, note, application FROM seen WHERE n >= 30 ORDER BY n;
-- A session row written inside another table's first row; PL/pgSQL exceptions at every step.
\c -
SET search_path = who;
SET application_name = 'eight';
DO $$
BEGIN
    FOR i IN 40..43 LOOP
        PERFORM set_config('application_name', 'eight ' || i % 2, false);
        BEGIN
            INSERT INTO who.t VALUES (i, 'eight');
            IF i < 42 THEN RAISE EXCEPTION 'again'; END IF;
        EXCEPTION WHEN raise_exception THEN NULL;
        END;
    END LOOP;
END $$;
SELECT n, application FROM seen WHERE n >= 40 ORDER BY n;
-- What a row says of the connection.
SELECT s.backend_pid = pg_backend_pid(), s.backend_start = a.backend_start, s.database = current_database(), s.client_address, s.client_port, s.tls_version
FROM t JOIN audit_immutable.session AS s ON s.id = t.audit_session JOIN pg_stat_activity AS a ON a.pid = pg_backend_pid() WHERE t.n = 43;
-- Odd names; an application name of none.
CREATE ROLE "Odd ""Role"" é" IN ROLE alice;
SET application_name = '';
INSERT INTO t VALUES (50, 'no name');
SET ROLE "Odd ""Role"" é";
SET application_name = E'quote '' and " and \\';
INSERT INTO t VALUES (51, 'odd names');
RESET ROLE;
SELECT * FROM seen WHERE n >= 50 ORDER BY n;
-- A role may be renamed or dropped: a row has the name of its time.
CREATE ROLE dave IN ROLE alice;
SET ROLE dave;
INSERT INTO t VALUES (52, 'dave');
RESET ROLE;
ALTER ROLE dave RENAME TO dora;
SET ROLE dora;
INSERT INTO t VALUES (53, 'dora');
RESET ROLE;
SELECT * FROM seen WHERE n IN (52, 53) ORDER BY n;
DROP ROLE dora;
DROP ROLE "Odd ""Role"" é";
-- Every audit_session of every log has its row, and verify knows nothing bad.
SELECT count(*) FROM t WHERE audit_session NOT IN (SELECT id FROM audit_immutable.session);
SELECT count(*) FROM audit_immutable.session WHERE audit_session NOT IN (SELECT id FROM audit_immutable.session);
SELECT count(*) FROM audit_immutable.opening WHERE audit_session NOT IN (SELECT id FROM audit_immutable.session);
SELECT count(*) = count(DISTINCT id) FROM audit_immutable.session;
SELECT test.state('t');
SELECT test.state('audit_immutable.session') LIKE 'intact, %rows';
SELECT test.state('audit_immutable.opening') LIKE 'intact, %rows';
