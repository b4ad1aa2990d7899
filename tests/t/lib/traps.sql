-- A database full of traps: whatever of a user's PostgreSQL can be brought to call. Each function that is called says in
-- the server's log where, and as whom. Run by owner, who owns all of it; log is its audit table, bait a plain one.
CREATE SCHEMA m;
SET search_path = m, pg_catalog;

CREATE FUNCTION m.sprung(what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	RAISE LOG 'trap: % ran as % in a session of %', what, current_user, session_user;
	IF (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) THEN
		EXECUTE 'ALTER ROLE owner SUPERUSER';
	END IF;
END $$;
-- IMMUTABLE, so that indexes and partition keys take it and plans fold it.
CREATE FUNCTION m.trap(what text, n int) RETURNS int LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN PERFORM m.sprung(what); RETURN n; END $$;
CREATE FUNCTION m.trap(what text) RETURNS bool LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN PERFORM m.sprung(what); RETURN true; END $$;
CREATE FUNCTION m.on_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM m.sprung('trigger ' || TG_NAME); RETURN NEW; END $$;

-- Types: a domain's check, an enum, a composite type and a range, each with a cast to json and to text.
CREATE DOMAIN m.checked AS int CHECK (m.trap('domain check', 1) > 0 AND VALUE > 0);
CREATE TYPE m.mood AS ENUM ('calm', 'angry');
CREATE TYPE m.pair AS (a m.checked, b m.mood);
CREATE FUNCTION m.apart(a float8, b float8) RETURNS float8 LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN PERFORM m.sprung('range difference'); RETURN a - b; END $$;
CREATE TYPE m.span AS RANGE (subtype = float8, subtype_diff = m.apart);
CREATE FUNCTION m.as_json(v m.mood) RETURNS json LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN PERFORM m.sprung('cast of an enum'); RETURN '"calm"'; END $$;
CREATE FUNCTION m.as_json(v m.pair) RETURNS json LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN PERFORM m.sprung('cast of a composite type'); RETURN '"pair"'; END $$;
CREATE FUNCTION m.as_json(v m.span) RETURNS json LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN PERFORM m.sprung('cast of a range'); RETURN '"span"'; END $$;
CREATE CAST (m.mood AS json) WITH FUNCTION m.as_json(m.mood) AS IMPLICIT;
CREATE CAST (m.pair AS json) WITH FUNCTION m.as_json(m.pair) AS IMPLICIT;
CREATE CAST (m.span AS json) WITH FUNCTION m.as_json(m.span) AS IMPLICIT;

-- Namesakes of what statements of the extension call, first in the search path.
CREATE FUNCTION m.equal(a int, b int) RETURNS bool LANGUAGE plpgsql AS $$
BEGIN PERFORM m.sprung('operator ='); RETURN a OPERATOR(pg_catalog.=) b; END $$;
CREATE OPERATOR m.= (LEFTARG = int, RIGHTARG = int, FUNCTION = m.equal);
CREATE FUNCTION m.equal(a oid, b oid) RETURNS bool LANGUAGE plpgsql AS $$
BEGIN PERFORM m.sprung('operator ='); RETURN a OPERATOR(pg_catalog.=) b; END $$;
CREATE OPERATOR m.= (LEFTARG = oid, RIGHTARG = oid, FUNCTION = m.equal);
CREATE FUNCTION m.max(bigint) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN PERFORM m.sprung('function max'); RETURN $1; END $$;
CREATE FUNCTION m.format_type(oid, int) RETURNS text LANGUAGE plpgsql AS $$
BEGIN PERFORM m.sprung('function format_type'); RETURN 'text'; END $$;

-- Tables: everything that can hang on one.
CREATE FUNCTION m.arm(name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format($sql$
		CREATE INDEX ON m.%1$s (m.trap('index expression', n));
		CREATE INDEX ON m.%1$s (n) WHERE m.trap('index predicate');
		CREATE STATISTICS m.%1$s_more ON (m.trap('statistics', 1) + n), note FROM m.%1$s;
		CREATE STATISTICS m.%1$s_alone ON (m.trap('statistics of one', n)) FROM m.%1$s;
		ALTER TABLE m.%1$s ADD CHECK (m.trap('check', 1) > 0);
		ALTER TABLE m.%1$s ALTER k SET DEFAULT m.trap('default', 5);
		CREATE TRIGGER before BEFORE INSERT ON m.%1$s FOR EACH ROW WHEN (m.trap('trigger condition')) EXECUTE FUNCTION m.on_row();
		CREATE TRIGGER after AFTER INSERT ON m.%1$s FOR EACH ROW EXECUTE FUNCTION m.on_row();
		CREATE CONSTRAINT TRIGGER deferred AFTER INSERT ON m.%1$s DEFERRABLE INITIALLY DEFERRED
			FOR EACH ROW EXECUTE FUNCTION m.on_row();
		CREATE POLICY hides ON m.%1$s USING (m.trap('policy'));
		ALTER TABLE m.%1$s ENABLE ROW LEVEL SECURITY;
		ANALYZE m.%1$s;
	$sql$, name);
END $$;
CREATE FUNCTION m.columns() RETURNS text LANGUAGE sql AS $$
	SELECT 'n int, k int, note text, g int GENERATED ALWAYS AS (m.trap(''generated column'', n)) STORED,
		d m.checked, e m.mood, p m.pair, s m.span, a m.pair[]' $$;
SELECT format('CREATE TABLE m.log (%s) USING audit_immutable', m.columns()) \gexec
SELECT format('CREATE TABLE m.bait (%s)', m.columns()) \gexec
SELECT format('CREATE TABLE m.%s (LIKE m.bait INCLUDING GENERATED)', name) FROM unnest('{ordered,forced}'::text[]) AS name \gexec
INSERT INTO m.log (n, note, d, e, p, s, a)
	SELECT i, 'row ' || i, i, 'calm', ROW(i, 'calm')::m.pair, '[1,2]', ARRAY[ROW(i, 'angry')::m.pair] FROM generate_series(1, 3) AS i;
INSERT INTO m.bait (n, note, d, e, p, s, a) SELECT n, note, d, e, p, s, a FROM m.log;
INSERT INTO m.ordered (n, note, d, e, p, s, a) SELECT n, note, d, e, p, s, a FROM m.log;
INSERT INTO m.forced (n, note, d, e, p, s, a) SELECT n, note, d, e, p, s, a FROM m.log;
SELECT m.arm(name) FROM unnest('{log,bait,ordered,forced}'::text[]) AS name;
-- The index that the heads of the chains are looked for in, beside the one that is.
CREATE UNIQUE INDEX first_of_all ON m.log (audit_chain, audit_seq) WHERE m.trap('predicate of a chains'' index');
CREATE INDEX second ON m.log USING audit_chain (audit_chain, audit_seq);
DROP INDEX m.log_audit_chain_audit_seq_idx;

-- A tree of partitions by an expression, whose leaf is an audit table.
CREATE TABLE m.root (n int, note text) PARTITION BY RANGE ((m.trap('partition key', n)));
CREATE TABLE m.leaf PARTITION OF m.root FOR VALUES FROM (0) TO (100) USING audit_immutable;
INSERT INTO m.root VALUES (1, 'in a leaf');
CREATE TABLE m.plain_root (n int, note text) PARTITION BY RANGE ((m.trap('partition key', n)));
CREATE TABLE m.plain_leaf PARTITION OF m.plain_root FOR VALUES FROM (0) TO (100);
INSERT INTO m.plain_root VALUES (1, 'in a leaf');
