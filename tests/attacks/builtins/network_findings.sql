-- Who asks network_findings() is a superuser or a monitor: what it calls by a name that somebody else's object has too,
-- with his search path first, or temporary tables of a catalog's name, would run with his rights, or hide a finding.
-- role: attacker
-- says: 42501
-- verify: intact
SELECT count(*) FROM audit_immutable.network_findings();
CREATE FUNCTION m.current_setting(text) RETURNS text LANGUAGE sql AS $$ SELECT m.note('current_setting'); SELECT '15' $$;
CREATE FUNCTION m.btrim(text) RETURNS text LANGUAGE sql AS $$ SELECT m.note('btrim'); SELECT '' $$;
CREATE FUNCTION m.now() RETURNS timestamptz LANGUAGE sql AS $$ SELECT m.note('now'); SELECT pg_catalog.now() $$;
CREATE FUNCTION m.matches(text, text) RETURNS boolean LANGUAGE sql AS $$ SELECT m.note('~'); SELECT false $$;
CREATE OPERATOR m.~ (LEFTARG = text, RIGHTARG = text, FUNCTION = m.matches);
CREATE OPERATOR m.= (LEFTARG = text, RIGHTARG = text, FUNCTION = m.matches);
CREATE OPERATOR m.|| (LEFTARG = text, RIGHTARG = text, FUNCTION = m.matches);
CREATE FUNCTION m.to_json(name) RETURNS json LANGUAGE sql AS $$ SELECT m.note('to_json'); SELECT '1'::json $$;
CREATE VIEW m.pg_settings AS SELECT m.note('pg_settings')::text AS setting, 'x'::text AS name;
CREATE FUNCTION m.odd() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
\connect - postgres
SET search_path = m, pg_catalog;
CREATE TEMPORARY TABLE pg_settings (name text, setting text);
SELECT 1 / (count(*) > 10)::int FROM audit_immutable.network_findings(passed => true);
