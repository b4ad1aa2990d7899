-- The built-in functions that are written in SQL are not compared with PostgreSQL's own: each gets another body, in the hope
-- that a verdict rests on one.
-- role: postgres
-- rings: ring2
-- says: 22012
-- verify: intact
UPDATE pg_proc SET prosrc = 'SELECT 1 / 0', prosqlbody = NULL
WHERE pronamespace = 'pg_catalog'::regnamespace AND prolang = (SELECT oid FROM pg_language WHERE lanname = 'sql');
\connect
-- They are others by now.
SELECT lpad('x', 3);
CREATE TABLE s.new (id int, v text) USING audit_immutable;
INSERT INTO s.new VALUES (1, 'one');
CREATE TABLE s.old AS SELECT 1 AS id;
SELECT audit_immutable.protect('s.old', order_by => '{id}') IS NOT NULL;
CREATE TABLE s.root (k int) PARTITION BY LIST (k);
CREATE TABLE s.leaf PARTITION OF s.root FOR VALUES IN (1) USING audit_immutable;
ALTER TABLE s.new ADD COLUMN more int, ALTER id TYPE bigint;
ALTER TABLE s.new OWNER TO app_owner;
CREATE FUNCTION s.on_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER on_row BEFORE INSERT ON s.new FOR EACH ROW EXECUTE FUNCTION s.on_row();
ALTER FUNCTION s.on_row() RENAME TO on_any_row;
SELECT audit_immutable.checkpoint() IS NOT NULL;
SELECT 1 / bool_and(intact)::int FROM audit_immutable.verify();
SELECT count(*) FROM audit_immutable.verify(since_checkpoint => 1);
SELECT count(*) FROM audit_immutable.findings('s.new');
SELECT count(*) FROM audit_immutable.export('s.new');
SELECT count(*) FROM audit_immutable.status;
SELECT count(*) FROM audit_immutable.log;
SELECT 1 / (verdict = 'contained')::int FROM audit_immutable.check_note(audit_immutable.latest_checkpoint());
SELECT audit_immutable.receipt('s.a', 1, 1) IS NOT NULL;
SELECT audit_immutable.detach('s.leaf', 'its year is over');
SELECT audit_immutable.acknowledge('s.new', 'as it is');
SELECT audit_immutable.acknowledge_all('as they are');
SELECT audit_immutable.retire('s.leaf', 'the end');
