-- A column gets another type, a row, and its old type, and no event says so: an index expression runs a command that
-- fails and is caught, and takes what is recorded of the outer one with it.
-- role: app_owner
-- says: done
-- verify: intact
CREATE FUNCTION s.ddl() RETURNS void LANGUAGE plpgsql VOLATILE AS $$ BEGIN
    BEGIN COMMENT ON SCHEMA s IS 'x'; RAISE EXCEPTION 'no'; EXCEPTION WHEN raise_exception THEN NULL; END; END $$;
CREATE FUNCTION s.imm(bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
    IF $1 = 7 THEN PERFORM s.ddl(); END IF; RETURN $1; END $$;
CREATE INDEX ON s.a (s.imm(id));
ALTER TABLE s.a ALTER n TYPE bigint;
INSERT INTO s.a (n) VALUES (11);
ALTER TABLE s.a ALTER n TYPE int;
INSERT INTO s.a (n) VALUES (12);
\connect - postgres
SELECT 1 / (count(*) = 2)::int FROM audit_immutable.event WHERE kind = 'column_type_changed';
