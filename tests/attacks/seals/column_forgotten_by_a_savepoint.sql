-- As forgotten_by_a_savepoint, of a column: it is in no event and in no list of columns.
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
\connect - postgres
SELECT 1 / (count(*) = 1)::int FROM audit_immutable.column_list;
SELECT 1 / (count(*) = 1)::int FROM audit_immutable.event WHERE kind = 'column_added' AND relation = 's.a';
\connect - app_owner
