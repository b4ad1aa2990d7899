-- After column_forgotten_by_a_savepoint, acknowledge does not help, nor does a further column: some of the findings stay.
-- role: app_owner
-- says: done
-- verify: intact
CREATE FUNCTION s.f(text) RETURNS bool LANGUAGE plpgsql AS $$
BEGIN
    BEGIN PERFORM 1 / 0; EXCEPTION WHEN division_by_zero THEN NULL; END;
    RETURN true;
END $$;
ALTER TABLE s.a ADD COLUMN extra text, ADD CONSTRAINT k CHECK (s.f(extra));
INSERT INTO s.a (n, extra) VALUES (78, 'behind it');
SELECT audit_immutable.acknowledge('s.a', 'known');
