-- A trigger on the table above a log keeps rows out of the log: it is copied to the log, and has to be on record there, as
-- has what a log gets when it is attached.
-- role: app_owner
-- says: done
-- verify: intact
SET search_path = s;
CREATE FUNCTION keep_out() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TABLE root (k int, v text) PARTITION BY LIST (k);
CREATE TABLE leaf PARTITION OF root FOR VALUES IN (1) USING audit_immutable;
CREATE TRIGGER before_row BEFORE INSERT ON root FOR EACH ROW EXECUTE FUNCTION keep_out();
INSERT INTO root VALUES (1, 'never stored');
ALTER TABLE root DISABLE TRIGGER before_row;
DROP TRIGGER before_row ON root;
CREATE TRIGGER before_row BEFORE INSERT ON root FOR EACH ROW EXECUTE FUNCTION keep_out();
CREATE TABLE other (k int, v text) USING audit_immutable;
ALTER TABLE root ATTACH PARTITION other FOR VALUES IN (2);
INSERT INTO root VALUES (2, 'never stored');
\connect - postgres
SELECT 1 / (array_agg(kind ORDER BY number) = '{protect,trigger_changed,trigger_changed,trigger_changed,trigger_changed}')::int
FROM audit_immutable.event WHERE relation = 's.leaf';
SELECT 1 / (count(*) = 1)::int FROM audit_immutable.event WHERE relation = 's.other' AND kind = 'trigger_changed';
