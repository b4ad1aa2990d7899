-- A chain was written anew, and that was acknowledged: now it can be written anew once more.
-- role: postgres
-- rings: ring2
-- says: done
-- verify: checkpoint_mismatch
-- may change: s.a
-- The rows 8 to 10 as they would be with another text in row 8: lines and hashes made anew.
CREATE TABLE m.lines AS
    SELECT seq, audit_immutable.line('s.a', 1, seq) AS line FROM generate_series(8, 10) AS seq;
CREATE TABLE m.forged (seq bigint, hash bytea);
DO $$
DECLARE
    it record;
    text text;
    before text;
    hash bytea;
BEGIN
    FOR it IN SELECT * FROM m.lines ORDER BY seq LOOP
        text := it.line;
        IF before IS NULL THEN
            text := regexp_replace(text, '"actor":"[^"]*"', '"actor":"nobody"');
        ELSE
            text := regexp_replace(text, '"prev":"[0-9a-f]*"', '"prev":"' || before || '"');
        END IF;
        hash := sha256(convert_to(text, 'UTF8'));
        before := encode(hash, 'hex');
        INSERT INTO m.forged VALUES (it.seq, hash);
    END LOOP;
END
$$;
\connect
UPDATE pg_trigger SET tgenabled = 'D' WHERE tgrelid = 's.a'::regclass;
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'heap') WHERE oid = 's.a'::regclass;
\connect
UPDATE s.a SET actor = 'nobody' WHERE audit_seq = 8;
UPDATE s.a SET audit_hash = forged.hash FROM m.forged WHERE forged.seq = audit_seq;
VACUUM s.a;
REINDEX TABLE s.a;
\connect
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'audit_immutable') WHERE oid = 's.a'::regclass;
UPDATE pg_trigger SET tgenabled = 'A' WHERE tgrelid = 's.a'::regclass;
\connect - app_owner
SELECT audit_immutable.acknowledge('s.a', 'restored from an old tape');
\connect - postgres
SELECT 1 / intact::int AS in_order, 1 / (on_record LIKE '%From row 8 on, up to row 10, chain 1 is another than%')::int
    FROM audit_immutable.verify('s.a');
DROP TABLE m.lines, m.forged;
-- The rows 9 to 10 as they would be with another text in row 9: lines and hashes made anew.
CREATE TABLE m.lines AS
    SELECT seq, audit_immutable.line('s.a', 1, seq) AS line FROM generate_series(9, 10) AS seq;
CREATE TABLE m.forged (seq bigint, hash bytea);
DO $$
DECLARE
    it record;
    text text;
    before text;
    hash bytea;
BEGIN
    FOR it IN SELECT * FROM m.lines ORDER BY seq LOOP
        text := it.line;
        IF before IS NULL THEN
            text := regexp_replace(text, '"actor":"[^"]*"', '"actor":"mallory"');
        ELSE
            text := regexp_replace(text, '"prev":"[0-9a-f]*"', '"prev":"' || before || '"');
        END IF;
        hash := sha256(convert_to(text, 'UTF8'));
        before := encode(hash, 'hex');
        INSERT INTO m.forged VALUES (it.seq, hash);
    END LOOP;
END
$$;
\connect
UPDATE pg_trigger SET tgenabled = 'D' WHERE tgrelid = 's.a'::regclass;
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'heap') WHERE oid = 's.a'::regclass;
\connect
UPDATE s.a SET actor = 'mallory' WHERE audit_seq = 9;
UPDATE s.a SET audit_hash = forged.hash FROM m.forged WHERE forged.seq = audit_seq;
VACUUM s.a;
REINDEX TABLE s.a;
\connect
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'audit_immutable') WHERE oid = 's.a'::regclass;
UPDATE pg_trigger SET tgenabled = 'A' WHERE tgrelid = 's.a'::regclass;
