-- Rows do not change and do not go, whoever asks and however.
CREATE SCHEMA refuse AUTHORIZATION alice;
SET search_path = refuse;
GRANT USAGE ON SCHEMA refuse TO bob;
\a
\t on
SET ROLE alice;
CREATE TABLE parent (id int PRIMARY KEY);
INSERT INTO parent VALUES (1), (2), (3);
CREATE TABLE t (id int PRIMARY KEY, v text, p int REFERENCES parent) USING audit_immutable;
INSERT INTO t VALUES (1, 'one', 1), (2, 'two', 2), (3, 'three', NULL);
CREATE VIEW tv AS SELECT id, v FROM t;
CREATE TABLE root (k int, v text) PARTITION BY LIST (k);
CREATE TABLE leaf PARTITION OF root FOR VALUES IN (1) USING audit_immutable;
CREATE TABLE leaf_plain PARTITION OF root FOR VALUES IN (2);
INSERT INTO root VALUES (1, 'audited'), (2, 'plain');
CREATE FUNCTION change_it() RETURNS void LANGUAGE plpgsql AS $$ BEGIN UPDATE refuse.t SET v = 'x' WHERE id = 1; END $$;
CREATE FUNCTION delete_it() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'DELETE FROM refuse.t WHERE id = 1';
CREATE FUNCTION walk() RETURNS void LANGUAGE plpgsql AS $$
DECLARE c CURSOR FOR SELECT * FROM refuse.t FOR UPDATE;
BEGIN FOR r IN c LOOP DELETE FROM refuse.t WHERE CURRENT OF c; END LOOP; END $$;
CREATE FUNCTION again() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE refuse.t SET v = 'after' WHERE id = NEW.id; RETURN NULL; END $$;
CREATE TABLE attempts (n int GENERATED ALWAYS AS IDENTITY, command text);
INSERT INTO attempts (command) VALUES
    ('UPDATE t SET v = ''x'''),
    ('UPDATE ONLY t SET v = ''x'' WHERE id = 1 RETURNING *'),
    ('UPDATE t SET v = v'),
    ('UPDATE t SET audit_at = now()'),
    ('UPDATE t SET v = p.id FROM parent AS p WHERE p.id = t.p'),
    ('DELETE FROM t'),
    ('DELETE FROM t WHERE id = 1 RETURNING id'),
    ('DELETE FROM t USING parent AS p WHERE p.id = t.p'),
    ('TRUNCATE t'),
    ('TRUNCATE t RESTART IDENTITY CASCADE'),
    ('TRUNCATE parent CASCADE'),
    ('MERGE INTO t USING (VALUES (1)) AS s (id) ON s.id = t.id WHEN MATCHED THEN UPDATE SET v = ''m'''),
    ('MERGE INTO t USING (VALUES (1)) AS s (id) ON s.id = t.id WHEN MATCHED THEN DELETE'),
    ('INSERT INTO t VALUES (1, ''c'') ON CONFLICT (id) DO UPDATE SET v = excluded.v'),
    ('WITH d AS (DELETE FROM t RETURNING *) SELECT count(*) FROM d'),
    ('WITH u AS (UPDATE t SET v = ''x'' RETURNING *) INSERT INTO t SELECT id + 10, v FROM u'),
    ('UPDATE tv SET v = ''x'' WHERE id = 1'),
    ('DELETE FROM tv WHERE id = 1'),
    ('SELECT change_it()'),
    ('SELECT delete_it()'),
    ('SELECT walk()'),
    ('DO $d$ BEGIN EXECUTE ''UPDATE refuse.t SET v = $1'' USING ''x''; END $d$'),
    ('UPDATE root SET v = ''x'' WHERE k = 1'),
    ('UPDATE root SET k = 2 WHERE k = 1'),
    ('DELETE FROM root'),
    ('TRUNCATE root'),
    ('UPDATE leaf SET v = ''x'''),
    ('DELETE FROM leaf'),
    ('TRUNCATE leaf');
-- All attempts; SQLSTATE and message of each, and whether a row is different now.
CREATE FUNCTION try_all() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    attempt text;
BEGIN
    FOR attempt IN SELECT command FROM attempts ORDER BY n LOOP
        RETURN NEXT attempt;
        RETURN NEXT '    ' || said FROM test.refused(attempt) AS said LIMIT 1;
    END LOOP;
END $$;
RESET ROLE;
CREATE TABLE before AS SELECT id, v, p, audit_hash FROM refuse.t UNION ALL SELECT k, v, NULL, audit_hash FROM leaf;
CREATE FUNCTION untouched() RETURNS text LANGUAGE sql AS $$
    SELECT format('untouched: %s; t: %s; leaf: %s', NOT EXISTS (
        (TABLE refuse.before EXCEPT ALL (SELECT id, v, p, audit_hash FROM refuse.t UNION ALL SELECT k, v, NULL, audit_hash FROM refuse.leaf))
        UNION ALL
        ((SELECT id, v, p, audit_hash FROM refuse.t UNION ALL SELECT k, v, NULL, audit_hash FROM refuse.leaf) EXCEPT ALL TABLE refuse.before)),
        test.state('refuse.t'), test.state('refuse.leaf'))
$$;
-- As the owner, at the top level: what one sees.
SET ROLE alice;
UPDATE t SET v = 'x' WHERE id = 1;
DELETE FROM t;
TRUNCATE t;
-- A statement that finds no row does nothing, as on any table; or it is refused for what it is.
DELETE FROM t WHERE false;
UPDATE t SET v = 'x' WHERE id > 99;
BEGIN;
MERGE INTO t USING (VALUES (9, 'm')) AS s (id, v) ON s.id = t.id
    WHEN MATCHED THEN UPDATE SET v = s.v WHEN NOT MATCHED THEN INSERT (id, v) VALUES (s.id, s.v);
INSERT INTO t VALUES (9, 'c') ON CONFLICT (id) DO UPDATE SET v = excluded.v;
ROLLBACK;
INSERT INTO t VALUES (1, 'c') ON CONFLICT (id) DO UPDATE SET v = excluded.v;
SET audit_immutable.refuse_at = statement;
RESET ROLE;
SET audit_immutable.refuse_at = statement;
SET ROLE alice;
DELETE FROM t WHERE false;
MERGE INTO t USING (VALUES (9, 'm')) AS s (id, v) ON s.id = t.id
    WHEN MATCHED THEN UPDATE SET v = s.v WHEN NOT MATCHED THEN INSERT (id, v) VALUES (s.id, s.v);
RESET ROLE;
RESET audit_immutable.refuse_at;
SET ROLE alice;
PREPARE change (text) AS UPDATE t SET v = $1 WHERE id = 1;
EXECUTE change ('x');
BEGIN;
DECLARE c CURSOR FOR SELECT id, v FROM t ORDER BY id FOR UPDATE;
FETCH 1 FROM c;
UPDATE t SET v = 'x' WHERE CURRENT OF c;
ROLLBACK;
-- Whoever may not even try is told so, as ever.
SET ROLE bob;
UPDATE refuse.t SET v = 'x';
RESET ROLE;
SELECT untouched();
-- As the owner: all ways.
SET ROLE alice;
SELECT try_all();
RESET ROLE;
SELECT untouched();
-- As superuser: not another word.
CREATE TEMP TABLE seen (who text, n bigint, line text);
INSERT INTO seen SELECT 'superuser', n, line FROM try_all() WITH ORDINALITY AS x (line, n);
SET ROLE alice;
CREATE TABLE seen_by_owner AS SELECT * FROM try_all() WITH ORDINALITY AS x (line, n);
RESET ROLE;
SELECT s.line AS superuser, o.line AS owner FROM seen AS s FULL JOIN seen_by_owner AS o USING (n) WHERE s.line IS DISTINCT FROM o.line;
SELECT untouched();
-- session_replication_role = replica.
SET session_replication_role = replica;
SELECT s.line AS replica, o.line AS owner FROM try_all() WITH ORDINALITY AS s (line, n) FULL JOIN seen_by_owner AS o USING (n) WHERE s.line IS DISTINCT FROM o.line;
RESET session_replication_role;
SELECT untouched();
-- The owner cannot disable the triggers, nor can a superuser.
CREATE FUNCTION try_triggers() RETURNS SETOF text LANGUAGE sql AS $$
    SELECT command || ': ' || said FROM unnest('{DISABLE TRIGGER USER,DISABLE TRIGGER ALL,DISABLE TRIGGER audit_immutable_guard,DISABLE TRIGGER audit_immutable_guard_row,
        ENABLE TRIGGER USER,ENABLE TRIGGER ALL,ENABLE TRIGGER audit_immutable_guard,ENABLE REPLICA TRIGGER audit_immutable_guard_row}'::text[]) AS command,
        test.refused('ALTER TABLE refuse.t ' || command) AS said
$$;
SET ROLE alice;
SELECT try_triggers();
SELECT test.refused('ALTER TABLE leaf DISABLE TRIGGER USER') LIMIT 1;
RESET ROLE;
SET session_replication_role = replica;
SELECT said FROM test.refused('ALTER TABLE leaf DISABLE TRIGGER ALL') AS said LIMIT 1;
SELECT count(*), count(DISTINCT said) FROM try_triggers() AS said WHERE said LIKE '%: 42501: %';
RESET session_replication_role;
SELECT untouched();
-- Disabled by hand, it is refused in the same words.
-- (A row that moves to another partition is deleted where it was.)
\c -
SET search_path = refuse;
SELECT FROM test.edit_trigger('t', 'audit_immutable_guard%', $$tgenabled = 'D'$$);
SELECT FROM test.edit_trigger('leaf', 'audit_immutable_guard%', $$tgenabled = 'D'$$);
SET ROLE alice;
SELECT s.line AS disabled, o.line AS owner FROM try_all() WITH ORDINALITY AS s (line, n) FULL JOIN seen_by_owner AS o USING (n) WHERE s.line IS DISTINCT FROM o.line;
-- A MERGE that only adds is no change.
MERGE INTO t USING (VALUES (1, 'm'), (4, 'four')) AS s (id, v) ON s.id = t.id WHEN NOT MATCHED THEN INSERT (id, v) VALUES (s.id, s.v);
RESET ROLE;
INSERT INTO before SELECT id, v, p, audit_hash FROM t WHERE id = 4;
-- Every trigger disabled, and replica: what a superuser can do by SQL settings.
\c -
SET search_path = refuse;
BEGIN;
SELECT FROM test.edit_trigger('t', '%', $$tgenabled = 'D'$$);
SELECT count(*) AS triggers, min(tgenabled) AS min, max(tgenabled) AS max FROM pg_trigger WHERE tgrelid = 't'::regclass;
SET session_replication_role = replica;
SELECT s.line AS all_off, o.line AS owner FROM try_all() WITH ORDINALITY AS s (line, n) FULL JOIN seen_by_owner AS o USING (n) WHERE s.line IS DISTINCT FROM o.line;
ROLLBACK;
-- Every trigger gone: nothing but the storage is left, and refuses in the same words.
\c -
SET search_path = refuse;
BEGIN;
SELECT FROM test.take_trigger('t', '%');
SELECT FROM test.take_trigger('leaf', '%');
SELECT audit_immutable.armed('t'), audit_immutable.armed('leaf');
SET session_replication_role = replica;
SELECT s.line AS all_gone, o.line AS owner FROM try_all() WITH ORDINALITY AS s (line, n) FULL JOIN seen_by_owner AS o USING (n) WHERE s.line IS DISTINCT FROM o.line;
ROLLBACK;
\c -
SET search_path = refuse;
-- Rows written meanwhile are stamped. That the guards were off does not go unnoticed.
SELECT untouched();
SET ROLE alice;
ALTER TABLE t ENABLE ALWAYS TRIGGER audit_immutable_guard, ENABLE ALWAYS TRIGGER audit_immutable_guard_row;
ALTER TABLE leaf ENABLE ALWAYS TRIGGER audit_immutable_guard, ENABLE ALWAYS TRIGGER audit_immutable_guard_row;
RESET ROLE;
SELECT untouched();
-- An owner's own trigger cannot change a row after it was hashed, nor take it out of a MERGE's way.
SET ROLE alice;
CREATE TRIGGER again AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION again();
INSERT INTO t VALUES (5, 'five');
DROP TRIGGER again ON t;
RESET ROLE;
SELECT untouched();
-- TRUNCATE in the transaction that created the table, or gave it new storage.
BEGIN;
CREATE TABLE fresh (a int) USING audit_immutable;
INSERT INTO fresh VALUES (1);
SELECT test.refused('TRUNCATE fresh');
SELECT test.refused('ALTER TABLE fresh DISABLE TRIGGER ALL') LIMIT 1;
SELECT test.refused('DROP TABLE fresh') LIMIT 1;
SELECT count(*) FROM fresh;
ROLLBACK;
-- By the storage alone: a table that waits for its triggers has none.
BEGIN;
CREATE TABLE fresh (id int, v text, p int, audit_chain int DEFAULT 0, audit_seq bigint DEFAULT 0, audit_at timestamptz DEFAULT '-infinity',
    audit_session bigint DEFAULT 0, audit_hash bytea DEFAULT decode(repeat('00', 32), 'hex')) USING audit_immutable;
INSERT INTO fresh SELECT * FROM t;
SELECT test.refused('TRUNCATE fresh');
SELECT count(*) FROM fresh;
ROLLBACK;
\c -
SET search_path = refuse;
BEGIN;
SELECT FROM test.take_trigger('t', 'audit_immutable_guard%');
SELECT audit_immutable.armed('t');
CLUSTER t USING t_pkey;
SELECT test.refused('TRUNCATE t');
SELECT count(*) FROM t;
ROLLBACK;
SELECT untouched();
-- Rows that came from elsewhere in the same transaction.
BEGIN;
CREATE TABLE fresh USING audit_immutable AS SELECT 1 AS a;
SELECT test.refused('UPDATE fresh SET a = 2') LIMIT 1;
SELECT test.refused('DELETE FROM fresh') LIMIT 1;
SELECT test.refused('TRUNCATE fresh') LIMIT 1;
ROLLBACK;
-- A foreign key that would delete here, added when the table was an audit table already.
CREATE TABLE cascading (id int, p int) USING audit_immutable;
SELECT test.refused('ALTER TABLE cascading ADD FOREIGN KEY (p) REFERENCES parent ON DELETE CASCADE');
ALTER TABLE cascading ADD FOREIGN KEY (p) REFERENCES parent;
INSERT INTO cascading VALUES (1, 3);
-- Made to cascade by hand, it finds the rows guarded: by the triggers, and without them by the storage.
CREATE FUNCTION cascade() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE pg_constraint SET confdeltype = 'c', confupdtype = 'n' WHERE conrelid = 'refuse.cascading'::regclass AND contype = 'f';
    UPDATE pg_trigger SET tgfoid = CASE tgfoid WHEN '"RI_FKey_noaction_del"'::regproc THEN '"RI_FKey_cascade_del"'::regproc
            ELSE '"RI_FKey_setnull_upd"'::regproc END
        WHERE tgrelid = 'refuse.parent'::regclass AND tgconstrrelid = 'refuse.cascading'::regclass;
    IF NOT FOUND THEN RAISE 'no foreign key'; END IF;
END $$;
\c -
SET search_path = refuse;
BEGIN;
SELECT FROM cascade();
SELECT detail FROM audit_immutable.findings('cascading');
SELECT test.refused('DELETE FROM parent WHERE id = 3');
SELECT test.refused('UPDATE parent SET id = 33 WHERE id = 3');
SELECT test.refused('TRUNCATE parent CASCADE') LIMIT 1;
ROLLBACK;
\c -
SET search_path = refuse;
BEGIN;
SELECT FROM cascade();
SELECT FROM test.take_trigger('cascading', 'audit_immutable_guard%');
SELECT audit_immutable.armed('cascading');
SELECT test.refused('DELETE FROM parent WHERE id = 3') LIMIT 1;
SELECT test.refused('UPDATE parent SET id = 33 WHERE id = 3') LIMIT 1;
SELECT count(*) FROM parent WHERE id = 3;
SELECT id, p FROM cascading;
ROLLBACK;
\c -
SET search_path = refuse;
SELECT test.refused('DELETE FROM parent WHERE id = 3') LIMIT 1;
SELECT test.state('cascading');
-- Guard triggers cannot be dropped, renamed or replaced.
CREATE TABLE bare (id int) USING audit_immutable;
INSERT INTO bare VALUES (1), (2);
SELECT test.refused('DROP TRIGGER audit_immutable_guard ON bare');
SELECT test.refused('DROP TRIGGER audit_immutable_guard_row ON bare') LIMIT 1;
SELECT test.refused('DROP FUNCTION audit_immutable.guard CASCADE') LIMIT 1;
SELECT test.refused('ALTER TRIGGER audit_immutable_guard ON bare RENAME TO another');
SELECT test.refused('CREATE OR REPLACE TRIGGER audit_immutable_guard BEFORE UPDATE ON bare FOR EACH STATEMENT EXECUTE FUNCTION again()');
SET ROLE alice;
CREATE TABLE hers (id int) USING audit_immutable;
SELECT test.refused('CREATE OR REPLACE TRIGGER audit_immutable_guard_row BEFORE UPDATE ON hers FOR EACH ROW EXECUTE FUNCTION again()');
RESET ROLE;
SELECT test.state('hers');
SELECT test.state('bare');
-- Taken away by hand: nothing can be added that would not be stamped, and still nothing can go.
\c -
SET search_path = refuse;
BEGIN;
SELECT FROM test.take_trigger('bare', 'audit_immutable_guard');
SELECT test.refused('INSERT INTO bare VALUES (3)');
SELECT test.refused('UPDATE bare SET id = 3');
SELECT test.refused('DELETE FROM bare') LIMIT 1;
SELECT test.refused('TRUNCATE bare') LIMIT 1;
ROLLBACK;
\c -
SET search_path = refuse;
BEGIN;
SELECT FROM test.take_trigger('bare', 'audit_immutable_guard%');
SELECT test.refused('INSERT INTO bare VALUES (3)') LIMIT 1;
SELECT test.refused('UPDATE bare SET id = 3') LIMIT 1;
SELECT test.refused('DELETE FROM bare') LIMIT 1;
SELECT test.refused('TRUNCATE bare') LIMIT 1;
SELECT id, audit_seq FROM bare ORDER BY 2;
ROLLBACK;
SELECT test.state('bare');
-- The extension's own logs.
SELECT test.refused('UPDATE audit_immutable.session SET application_name = ''x''');
SELECT test.refused('DELETE FROM audit_immutable.session') LIMIT 1;
SELECT test.refused('TRUNCATE audit_immutable.session') LIMIT 1;
SELECT test.refused('UPDATE audit_immutable.opening SET line = ''x''') LIMIT 1;
SELECT test.refused('DELETE FROM audit_immutable.opening') LIMIT 1;
SELECT test.refused('TRUNCATE audit_immutable.opening') LIMIT 1;
SELECT test.refused('UPDATE audit_immutable.event SET reason = ''x''') LIMIT 1;
SELECT test.refused('DELETE FROM audit_immutable.event') LIMIT 1;
SELECT test.refused('TRUNCATE audit_immutable.event') LIMIT 1;
-- Nothing is added to them by hand either.
SELECT test.refused('INSERT INTO audit_immutable.event (kind) VALUES (''retire'')');
SELECT test.refused('INSERT INTO audit_immutable.session (id) VALUES (1)') LIMIT 1;
SELECT test.refused('INSERT INTO audit_immutable.opening (log, line) VALUES (gen_random_uuid(), ''x'')') LIMIT 1;
-- The guards' function is for triggers.
SELECT left(test.refused('SELECT audit_immutable.guard()'), 5);
SELECT relation, rows, first_finding FROM audit_immutable.verify() WHERE NOT intact;
-- A program tells a refusal from a missing GRANT, whose SQLSTATE is the same, by the error's fields.
CREATE FUNCTION test.fields(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    s text; t text; c text; n text;
BEGIN
    EXECUTE statement;
    RETURN 'done';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS s = SCHEMA_NAME, t = TABLE_NAME, c = COLUMN_NAME, n = CONSTRAINT_NAME;
    RETURN concat_ws('|', SQLSTATE, 'schema ' || s, 'table ' || t, 'column ' || c, 'constraint ' || n);
END $$;
CREATE TABLE fields (id int) USING audit_immutable;
INSERT INTO fields VALUES (1);
SELECT statement, test.fields(statement)
    FROM unnest(ARRAY[
        'UPDATE fields SET id = 2', 'DELETE FROM fields', 'TRUNCATE fields', 'DROP TABLE fields', 'ALTER TABLE fields DROP id',
        'ALTER TABLE fields RENAME TO f', 'ALTER TABLE fields ADD x float DEFAULT random()', 'INSERT INTO fields (audit_seq) VALUES (1)',
        'DROP EXTENSION audit_immutable', 'INSERT INTO audit_immutable.event (kind) VALUES (''x'')', 'SELECT 1 / 0']) AS statement;
SET ROLE bob;
SELECT test.fields('UPDATE refuse.fields SET id = 2');
RESET ROLE;
SELECT test.state('fields');
