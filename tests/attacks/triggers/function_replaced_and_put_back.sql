-- The owner has a harmless trigger, makes its function keep rows out for a moment, and puts it back.
-- role: app_owner
-- says: done
-- verify: intact
CREATE FUNCTION s.harmless() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER harmless BEFORE INSERT ON s.a FOR EACH ROW EXECUTE FUNCTION s.harmless();
CREATE OR REPLACE FUNCTION s.harmless() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
INSERT INTO s.a (actor) VALUES ('kept out');
CREATE OR REPLACE FUNCTION s.harmless() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
\connect - postgres
-- Both are on record, with what the function was before, and who did it. An error says that they are not.
SELECT 1 / (count(*) = 2 AND bool_and(role = 'app_owner') AND count(DISTINCT detail) = 2)::int
    FROM audit_immutable.event WHERE kind = 'trigger_function_changed' AND relation = 's.harmless' AND detail ? 'before';
\connect - app_owner
