-- A default of a new column reaches the rows that are there: the function it calls runs a command of its own, at whose
-- end the column is looked at too early, and never again.
-- role: app_owner
-- says: 42501
-- verify: intact
CREATE FUNCTION s.ddl() RETURNS void LANGUAGE plpgsql VOLATILE AS $$ BEGIN COMMENT ON SCHEMA s IS $q$x$q$; END $$;
CREATE FUNCTION s.f() RETURNS text LANGUAGE plpgsql STABLE AS $$ BEGIN PERFORM s.ddl(); RETURN 'approved'; END $$;
CREATE TABLE s.root (id int, note text) PARTITION BY RANGE (id);
CREATE TABLE s.leaf PARTITION OF s.root FOR VALUES FROM (0) TO (100) USING audit_immutable;
INSERT INTO s.leaf VALUES (1, 'first'), (2, 'second');
ALTER TABLE s.root ADD COLUMN x text DEFAULT s.f();
INSERT INTO s.leaf (id) VALUES (3);
