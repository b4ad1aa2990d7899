-- The same without a rewrite, by a CHECK constraint whose function runs when the command is planned.
-- role: app_owner
-- says: done
-- verify: intact
CREATE FUNCTION s.ddl() RETURNS void LANGUAGE plpgsql VOLATILE AS $$ BEGIN
    BEGIN COMMENT ON SCHEMA s IS 'x'; RAISE EXCEPTION 'no'; EXCEPTION WHEN raise_exception THEN NULL; END; END $$;
CREATE FUNCTION s.imm(text) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM s.ddl(); RETURN true; END $$;
ALTER TABLE s.a ALTER actor TYPE varchar, ADD CHECK (s.imm('x'));
INSERT INTO s.a (n) VALUES (11);
\connect - postgres
SELECT 1 / (count(*) = 1)::int FROM audit_immutable.event WHERE kind = 'column_type_changed';
