-- An owner renames the function of a trigger: a false alarm for good, until the table is acknowledged. And under cover of
-- the new name another function takes the place of the old one.
-- role: postgres
-- rings: ring2
-- says: done
-- verify: schema_changed
CREATE SCHEMA other AUTHORIZATION app_owner;
\connect - app_owner
CREATE FUNCTION s.honest() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER mine BEFORE INSERT ON s.a FOR EACH ROW WHEN (NEW.n > 0) EXECUTE FUNCTION s.honest();
ALTER FUNCTION s.honest() RENAME TO "still honest";
ALTER FUNCTION s."still honest"() SET SCHEMA other;
ALTER FUNCTION other."still honest"() RENAME TO honest;
\connect - postgres
-- A division by zero tells of an answer that should be another.
SELECT 1 / intact::int AS renamed FROM audit_immutable.verify('s.a');
SELECT 1 / (string_agg(relation || ' ' || (detail ->> 'to'), ', ' ORDER BY audit_at)
    = 's.honest s."still honest", s."still honest" other."still honest", other."still honest" other.honest')::int AS on_record
    FROM audit_immutable.event WHERE kind = 'trigger_function_renamed';
\connect - app_owner
-- The trigger made anew, with another function that has the old name.
CREATE FUNCTION s.honest() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE OR REPLACE TRIGGER mine BEFORE INSERT ON s.a FOR EACH ROW WHEN (NEW.n > 0) EXECUTE FUNCTION s.honest();
\connect - postgres
SELECT 1 / intact::int AS replaced, 1 / (count(*) = 2)::int AS on_record
    FROM audit_immutable.verify('s.a'), audit_immutable.event WHERE kind = 'trigger_changed' GROUP BY intact;
ALTER FUNCTION s.honest() RENAME TO kept;
\connect - app_owner
CREATE FUNCTION s.honest() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
\connect - postgres
-- By hand in the catalog the trigger calls the newest function of that name.
UPDATE pg_trigger SET tgfoid = 's.honest'::regproc WHERE tgname = 'mine';
