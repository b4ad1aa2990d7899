-- The owner of a database sets for it what every session there begins with, the workers' too: another role, and a search
-- path with functions and operators of his own.
-- role: postgres
-- says: done
-- runs as: attacker
-- verify: intact
SELECT format('ALTER DATABASE %I OWNER TO attacker', current_database()) \gexec
\connect - attacker
CREATE FUNCTION m.equal(a int, b int) RETURNS bool LANGUAGE plpgsql AS $$
BEGIN PERFORM m.note('operator'); RETURN a OPERATOR(pg_catalog.=) b; END $$;
CREATE OPERATOR m.= (LEFTARG = int, RIGHTARG = int, FUNCTION = m.equal);
CREATE FUNCTION m.format_type(oid, int) RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM m.note('function'); RETURN ''; END $$;
SELECT format('ALTER DATABASE %I SET search_path = m, pg_catalog', current_database()) \gexec
SELECT format('ALTER DATABASE %I SET role = attacker', current_database()) \gexec
SELECT format('ALTER DATABASE %I SET row_security = off', current_database()) \gexec
SELECT format('ALTER DATABASE %I SET statement_timeout = 1', current_database()) \gexec
SET statement_timeout = 0;
INSERT INTO m.mine VALUES (2, 'bait');
SELECT pg_sleep(1);
\connect - postgres
SET statement_timeout = 0;
RESET ROLE;
SET ROLE postgres;
SELECT 1 / (audit_immutable.checkpoint() <> '')::int;
SELECT count(*) FROM audit_immutable.verify();
SELECT format('ALTER DATABASE %I RESET ALL', current_database()) \gexec
SELECT format('ALTER DATABASE %I OWNER TO postgres', current_database()) \gexec
