-- Behind a gap that was acknowledged nothing answers for the rows before it: they are written anew, with good hashes, and
-- somebody who does not look closely acknowledges what verify says.
-- role: postgres
-- rings: ring2
-- says: done
-- verify: intact
-- may change: s.a
UPDATE pg_trigger SET tgenabled = 'D' WHERE tgrelid = 's.a'::regclass;
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'heap') WHERE oid = 's.a'::regclass;
\connect
DELETE FROM s.a WHERE n IN (6, 7);
\connect
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'audit_immutable') WHERE oid = 's.a'::regclass;
UPDATE pg_trigger SET tgenabled = 'A' WHERE tgrelid = 's.a'::regclass;
VACUUM s.a;
REINDEX TABLE s.a;
\connect - app_owner
SELECT audit_immutable.acknowledge('s.a', 'a bad sector');
\connect - postgres
SELECT 1 / intact::int AS in_order FROM audit_immutable.verify('s.a');
-- The rows 2 to 5 as they would be with another text in row 2: lines and hashes made anew.
CREATE TABLE m.lines AS
    SELECT seq, audit_immutable.line('s.a', 1, seq) AS line FROM generate_series(2, 5) AS seq;
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
UPDATE s.a SET actor = 'mallory' WHERE audit_seq = 2;
UPDATE s.a SET audit_hash = forged.hash FROM m.forged WHERE forged.seq = audit_seq;
VACUUM s.a;
REINDEX TABLE s.a;
\connect
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'audit_immutable') WHERE oid = 's.a'::regclass;
UPDATE pg_trigger SET tgenabled = 'A' WHERE tgrelid = 's.a'::regclass;
-- By the acknowledgement, and by the checkpoint, which names the first of them.
SELECT 1 / (string_agg(seq || ' ' || kind, ', ' ORDER BY seq, kind) = '2 checkpoint_mismatch, 5 modified')::int AS found
    FROM audit_immutable.findings('s.a');
\connect - app_owner
SELECT audit_immutable.acknowledge('s.a', 'whatever it is');
\connect - postgres
SELECT 1 / (on_record LIKE '%From row 2 on, up to row 5, chain 1 is another than%app_owner: whatever it is%')::int AS on_record
    FROM audit_immutable.verify('s.a');
