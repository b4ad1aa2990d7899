-- Stamps are the table's to give: gap-free, whatever becomes of a transaction.
CREATE SCHEMA stamps;
SET search_path = stamps;
\a
\t on
CREATE TABLE t (id int PRIMARY KEY, note text) USING audit_immutable;
-- Supplied by the client: refused, each of them, like a generated column.
SELECT test.refused('INSERT INTO t (id, audit_chain) VALUES (1, 1)');
SELECT test.refused('INSERT INTO t (id, audit_seq) VALUES (1, 1)');
SELECT test.refused('INSERT INTO t (id, audit_at) VALUES (1, now())');
SELECT test.refused('INSERT INTO t (id, audit_session) VALUES (1, 1)');
SELECT test.refused('INSERT INTO t (id, audit_hash) VALUES (1, sha256(''''))');
SELECT test.refused('INSERT INTO t (id, audit_hash) VALUES (1, '''')') LIMIT 1;
SELECT test.refused('INSERT INTO t (id, audit_chain) VALUES (1, -1)') LIMIT 1;
SELECT test.refused('INSERT INTO t (id, audit_at) VALUES (1, ''infinity'')') LIMIT 1;
SELECT test.refused('INSERT INTO t VALUES (1, ''x'', 1, 1, now(), 1, sha256(''x''))') LIMIT 1;
SELECT test.refused('INSERT INTO t VALUES (1, ''x'', 0, 0, now(), 0, NULL)') LIMIT 1;
SELECT test.refused('INSERT INTO t (id, audit_seq) VALUES (1, DEFAULT), (2, 7)') LIMIT 1;
\set VERBOSITY sqlstate
COPY t (id, audit_seq) FROM stdin;
1	7
\.
COPY t FROM stdin;
1	x	1	1	2026-01-01	1	\\x00
\.
COPY t (id, note, audit_session) FROM stdin;
1	good	\N
2	bad	3
\.
\set VERBOSITY default
-- PostgreSQL's context names the line up to which COPY has read: which row it was is said before.
COPY t FROM stdin;
1	good	\N	\N	\N	\N	\N
2	bad	\N	\N	\N	3	\N
3	good	\N	\N	\N	\N	\N
4	good	\N	\N	\N	\N	\N
\.
SELECT count(*) FROM t;
-- DEFAULT is no value, nor is NULL in all five.
INSERT INTO t (id, note, audit_chain, audit_seq, audit_at, audit_session, audit_hash)
VALUES (1, 'default', DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT) RETURNING audit_chain, audit_seq;
INSERT INTO t VALUES (2, 'null', NULL, NULL, NULL, NULL, NULL) RETURNING audit_chain, audit_seq;
COPY t FROM stdin;
3	copied nulls	\N	\N	\N	\N	\N
\.
-- A row type's value has NULL in all of them; a NULL in some was meant for another column.
INSERT INTO t SELECT * FROM jsonb_populate_record(NULL::t, '{"id": 30, "note": "from json"}');
DO $$ DECLARE r stamps.t%ROWTYPE; BEGIN r.id := 31; r.note := 'a record'; INSERT INTO stamps.t VALUES (r.*); END $$;
SELECT test.refused('INSERT INTO t VALUES (40, ''x'', NULL)');
SELECT test.refused('INSERT INTO t VALUES (40, ''x'', DEFAULT, NULL)') LIMIT 1;
SELECT test.refused('INSERT INTO t VALUES (40, ''x'', NULL, NULL, NULL, NULL)') LIMIT 1;
-- Columns added later stand behind the stamps. The manual's way to audit gives a stamp what was meant for them, whatever
-- it is: that is refused. With the columns named it goes on.
CREATE TABLE emp (empname text NOT NULL, salary int);
CREATE TABLE emp_audit (operation char(1) NOT NULL, stamp timestamp NOT NULL, userid text NOT NULL, empname text NOT NULL, salary int)
    USING audit_immutable;
CREATE FUNCTION process_emp_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN INSERT INTO stamps.emp_audit SELECT 'D', now(), user, OLD.*; RETURN OLD; END IF;
    INSERT INTO stamps.emp_audit SELECT left(TG_OP, 1), now(), user, NEW.*;
    RETURN NEW;
END $$;
CREATE TRIGGER emp_audit AFTER INSERT OR UPDATE OR DELETE ON emp FOR EACH ROW EXECUTE FUNCTION process_emp_audit();
INSERT INTO emp VALUES ('alice', 1000), ('bob', 2000);
ALTER TABLE emp ADD COLUMN bonus int;
ALTER TABLE emp_audit ADD COLUMN bonus int;
SELECT test.refused('UPDATE stamps.emp SET salary = 1100 WHERE empname = ''alice''');
SELECT test.refused('UPDATE stamps.emp SET bonus = 0') LIMIT 1;
SELECT test.refused('UPDATE stamps.emp SET bonus = -1') LIMIT 1;
SELECT test.refused('DELETE FROM stamps.emp') LIMIT 1;
CREATE OR REPLACE FUNCTION process_emp_audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE it stamps.emp;
BEGIN
    it := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    INSERT INTO stamps.emp_audit (operation, stamp, userid, empname, salary, bonus)
    VALUES (left(TG_OP, 1), now(), user, it.empname, it.salary, it.bonus);
    RETURN NULL;
END $$;
UPDATE emp SET bonus = 0 WHERE empname = 'alice';
UPDATE emp SET salary = 2100 WHERE empname = 'bob';
DELETE FROM emp;
SELECT operation, empname, salary, bonus, audit_seq FROM emp_audit ORDER BY audit_seq;
SELECT test.state('emp_audit');
-- A file of the old width lacks the stamps, and says so; with a list of columns it comes in.
COPY emp_audit FROM stdin;
I	2026-01-01	alice	carol	1	2
\.
COPY emp_audit (operation, stamp, userid, empname, salary, bonus) FROM stdin;
I	2026-01-01	alice	carol	1	2
\.
SELECT test.state('emp_audit');
-- A row of its own with its stamps is another row's stamps.
SELECT test.refused('INSERT INTO t SELECT id + 10, note, audit_chain, audit_seq, audit_at, audit_session, audit_hash FROM t') LIMIT 1;
SELECT test.refused('INSERT INTO t SELECT id + 10, note, audit_chain, audit_seq + 100, audit_at, audit_session, audit_hash FROM t') LIMIT 1;
INSERT INTO t SELECT id + 3, note || ' again' FROM t WHERE id < 10 ORDER BY id;
SELECT id, note, audit_chain, audit_seq FROM t ORDER BY audit_seq;
SELECT test.state('t');
-- RETURNING shows the stamps that are stored; audit_at is when the row was written.
SELECT now() AS start \gset
INSERT INTO t VALUES (7, 'returning')
RETURNING audit_chain, audit_seq, audit_at >= :'start' AND audit_at <= clock_timestamp() AS now,
    (SELECT session_user_name FROM audit_immutable.session AS s WHERE s.id = t.audit_session);
WITH i AS (INSERT INTO t VALUES (8, 'a'), (9, 'b') RETURNING id, audit_seq, audit_hash)
SELECT id, audit_seq, length(audit_hash) FROM i;
SELECT audit_hash = sha256(convert_to(audit_immutable.line('t', audit_chain, audit_seq), 'UTF8')) FROM t WHERE id IN (7, 9);
-- BEFORE triggers come first: what they make of the row is hashed. AFTER triggers see the stamps.
CREATE TABLE triggered (id int, note text, twice text GENERATED ALWAYS AS (note || note) STORED) USING audit_immutable;
CREATE FUNCTION before() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE NOTICE 'before: % %', NEW.audit_chain, NEW.audit_seq;
    IF NEW.note = 'skip' THEN RETURN NULL; END IF;
    NEW.note := upper(NEW.note);
    RETURN NEW;
END $$;
CREATE FUNCTION after() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE NOTICE 'after: % % % %', NEW.note, NEW.audit_chain, NEW.audit_seq, length(NEW.audit_hash);
    RETURN NULL;
END $$;
CREATE FUNCTION statement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE NOTICE 'transition table: %', (SELECT string_agg(note || ' ' || audit_seq, ', ' ORDER BY audit_seq) FROM new);
    RETURN NULL;
END $$;
CREATE TRIGGER before BEFORE INSERT ON triggered FOR EACH ROW EXECUTE FUNCTION before();
CREATE TRIGGER after AFTER INSERT ON triggered FOR EACH ROW EXECUTE FUNCTION after();
CREATE TRIGGER statement AFTER INSERT ON triggered REFERENCING NEW TABLE AS new FOR EACH STATEMENT EXECUTE FUNCTION statement();
INSERT INTO triggered VALUES (1, 'one'), (2, 'skip'), (3, 'three');
COPY triggered (id, note) FROM stdin;
4	four
5	skip
6	six
\.
SELECT substring(audit_immutable.line('triggered', 1, 2) FROM '"row":.*}');
SELECT test.state('triggered');
-- A BEFORE trigger cannot give stamps either; nor can one that writes to the same table break the order.
CREATE FUNCTION forge() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.audit_seq := 99; RETURN NEW; END $$;
CREATE TABLE forged (id int) USING audit_immutable;
CREATE TRIGGER forge BEFORE INSERT ON forged FOR EACH ROW EXECUTE FUNCTION forge();
SELECT test.refused('INSERT INTO forged VALUES (1)') LIMIT 1;
CREATE FUNCTION nested() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id < 100 THEN INSERT INTO stamps.nested VALUES (NEW.id + 100), (NEW.id + 200); END IF;
    RETURN NEW;
END $$;
CREATE TABLE nested (id int) USING audit_immutable;
CREATE TRIGGER nested BEFORE INSERT ON nested FOR EACH ROW EXECUTE FUNCTION nested();
CREATE TRIGGER nested_after AFTER INSERT ON nested FOR EACH ROW EXECUTE FUNCTION nested();
INSERT INTO nested VALUES (1), (2);
SELECT string_agg(id::text, ' ' ORDER BY audit_seq) FROM nested;
SELECT test.state('nested');
-- A constraint that fails takes no seq: not null, check, unique, deferred, exclusion, foreign key.
CREATE TABLE strict (
    id int UNIQUE DEFERRABLE INITIALLY DEFERRED, note text NOT NULL CHECK (note <> 'bad'),
    during int4range, EXCLUDE USING gist (during WITH &&), t int REFERENCES t
) USING audit_immutable;
\set VERBOSITY sqlstate
INSERT INTO strict VALUES (1, 'a', '[1,5)');
INSERT INTO strict VALUES (2, NULL);
INSERT INTO strict VALUES (2, 'bad');
INSERT INTO strict VALUES (2, 'b', '[3,8)');
INSERT INTO strict VALUES (3, 'c'), (4, NULL);
INSERT INTO strict VALUES (1, 'deferred');
INSERT INTO strict VALUES (5, 'e', NULL, 4711);
BEGIN;
INSERT INTO strict VALUES (6, 'f');
INSERT INTO strict VALUES (6, 'g');
COMMIT;
INSERT INTO t VALUES (1, 'duplicate');
\set VERBOSITY default
INSERT INTO strict VALUES (2, 'b', '[5,8)') RETURNING audit_chain, audit_seq;
SELECT test.state('strict');
-- ON CONFLICT DO NOTHING leaves no gap.
INSERT INTO t VALUES (1, 'again') ON CONFLICT DO NOTHING;
INSERT INTO t VALUES (9, 'again'), (10, 'new'), (10, 'new again'), (11, 'newer') ON CONFLICT (id) DO NOTHING RETURNING id, audit_seq;
CREATE TABLE room (during int4range, EXCLUDE USING gist (during WITH &&)) USING audit_immutable;
INSERT INTO room VALUES ('[1,5)');
INSERT INTO room VALUES ('[1,2)'), ('[5,6)'), ('[4,6)'), ('[9,10)') ON CONFLICT DO NOTHING RETURNING during, audit_seq;
SELECT test.state('t');
SELECT test.state('room');
-- Savepoints.
CREATE TABLE s (n int, note text) USING audit_immutable;
BEGIN;
SAVEPOINT a;
INSERT INTO s VALUES (1, 'rolled back, and first');
ROLLBACK TO a;
INSERT INTO s VALUES (2, 'kept');
SAVEPOINT b;
INSERT INTO s VALUES (3, 'rolled back');
SAVEPOINT c;
INSERT INTO s VALUES (4, 'rolled back with b');
RELEASE c;
INSERT INTO s VALUES (5, 'rolled back');
ROLLBACK TO b;
INSERT INTO s VALUES (6, 'kept, within b');
SAVEPOINT d;
INSERT INTO s VALUES (7, 'kept by release');
SAVEPOINT e;
INSERT INTO s VALUES (8, 'kept by two releases');
RELEASE d;
SAVEPOINT f;
ROLLBACK TO f;
INSERT INTO s VALUES (9, 'kept');
ROLLBACK TO f;
INSERT INTO s VALUES (10, 'kept');
COMMIT;
SELECT n, note, audit_chain, audit_seq FROM s ORDER BY audit_seq;
SELECT test.state('s');
-- A whole transaction rolled back, by choice and by an error.
BEGIN;
INSERT INTO s VALUES (11), (12);
ROLLBACK;
BEGIN;
INSERT INTO s VALUES (13);
SELECT 1 / 0;
COMMIT;
INSERT INTO s VALUES (14) RETURNING audit_chain, audit_seq;
-- Exceptions in PL/pgSQL.
DO $$
BEGIN
    FOR i IN 20..29 LOOP
        BEGIN
            INSERT INTO stamps.s VALUES (i);
            IF i % 3 = 0 THEN RAISE EXCEPTION 'not this one'; END IF;
            BEGIN
                INSERT INTO stamps.s VALUES (i * 100);
                IF i % 2 = 0 THEN PERFORM 1 / 0; END IF;
            EXCEPTION WHEN division_by_zero THEN
                INSERT INTO stamps.s VALUES (-i);
            END;
        EXCEPTION WHEN raise_exception THEN NULL;
        END;
    END LOOP;
END $$;
SELECT string_agg(n::text, ' ' ORDER BY audit_seq) FROM s WHERE n NOT BETWEEN 0 AND 19;
-- Transactions in a procedure.
CREATE PROCEDURE steps() LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 30..35 LOOP
        INSERT INTO stamps.s VALUES (i);
        IF i % 2 = 0 THEN COMMIT; ELSE ROLLBACK; END IF;
    END LOOP;
END $$;
CALL steps();
SELECT string_agg(n::text, ' ' ORDER BY audit_seq) FROM s WHERE n BETWEEN 30 AND 39;
SELECT test.state('s');
-- Prepared transactions hold their chain until they are decided; others go elsewhere meanwhile.
CREATE TABLE p (n int) USING audit_immutable;
INSERT INTO p VALUES (1);
BEGIN;
INSERT INTO p VALUES (2), (3);
PREPARE TRANSACTION 'stamps one';
INSERT INTO p VALUES (4) RETURNING audit_chain, audit_seq;
SELECT n, audit_chain, audit_seq FROM p ORDER BY 2, 3;
SELECT test.state('p');
BEGIN;
SAVEPOINT a;
INSERT INTO p VALUES (5);
ROLLBACK TO a;
INSERT INTO p VALUES (6);
PREPARE TRANSACTION 'stamps two';
INSERT INTO p VALUES (7) RETURNING audit_chain, audit_seq;
ROLLBACK PREPARED 'stamps two';
COMMIT PREPARED 'stamps one';
SELECT n, audit_chain, audit_seq FROM p ORDER BY 2, 3;
SELECT test.state('p');
-- A chain that is free again is continued where it ended.
BEGIN;
INSERT INTO p VALUES (8);
PREPARE TRANSACTION 'stamps three';
INSERT INTO p VALUES (9);
COMMIT PREPARED 'stamps three';
SELECT test.state('p');
-- A cursor open over the table it fills, and one held over the commit.
BEGIN;
DECLARE c CURSOR FOR SELECT n FROM p ORDER BY audit_chain, audit_seq;
DECLARE h CURSOR WITH HOLD FOR SELECT n, audit_chain FROM p ORDER BY n;
FETCH 1 FROM c;
INSERT INTO p VALUES (10);
FETCH ALL FROM c;
INSERT INTO p VALUES (11);
COMMIT;
FETCH 2 FROM h;
CLOSE h;
SELECT test.state('p');
-- INSERT … SELECT from itself does not see its own rows.
INSERT INTO p SELECT n + 100 FROM p ORDER BY n;
SELECT count(*) FROM p WHERE n > 100;
-- Several tables in a transaction; several statements in a message.
CREATE TABLE q (n int) USING audit_immutable;
BEGIN;
INSERT INTO p VALUES (12);
INSERT INTO q VALUES (1);
SAVEPOINT a;
INSERT INTO q VALUES (2);
INSERT INTO p VALUES (13);
ROLLBACK TO a;
INSERT INTO q VALUES (3);
INSERT INTO p VALUES (14);
COMMIT;
INSERT INTO q VALUES (4)\; INSERT INTO q VALUES (5)\; SELECT 1 / 0\; INSERT INTO q VALUES (6);
INSERT INTO q VALUES (7);
SELECT string_agg(n || '=' || audit_seq, ' ' ORDER BY audit_seq) FROM q;
SELECT test.state('p');
SELECT test.state('q');
-- Isolation levels: one session sees its own chain whatever its snapshot.
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT count(*) FROM q;
INSERT INTO q VALUES (8);
COMMIT;
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT count(*) FROM q;
INSERT INTO q VALUES (9);
COMMIT;
SELECT test.state('q');
-- A row too long for its page, one of 1 MB, and many in one statement.
CREATE TABLE big (n int, body text) USING audit_immutable;
INSERT INTO big SELECT 1, string_agg(md5(i::text), '') FROM generate_series(1, 32768) AS i;
INSERT INTO big SELECT i, repeat('x', i * 20) FROM generate_series(1, 500) AS i;
SELECT test.state('big');
SELECT relation, rows, first_finding FROM audit_immutable.verify() WHERE NOT intact;
