-- A trigger is made, keeps rows out, and is dropped again, all in one transaction, in savepoints, under a name that was there
-- before: in the end the table is as it was.
-- role: app_owner
-- says: done
-- verify: intact
CREATE FUNCTION s.keep_out() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
BEGIN;
SAVEPOINT one;
CREATE TRIGGER before_row BEFORE INSERT ON s.a FOR EACH ROW EXECUTE FUNCTION s.keep_out();
INSERT INTO s.a (n) VALUES (11);
DROP TRIGGER before_row ON s.a;
RELEASE one;
COMMIT;
\connect - postgres
SELECT 1 / (count(*) = 2)::int FROM audit_immutable.event WHERE relation = 's.a' AND kind = 'trigger_changed';
