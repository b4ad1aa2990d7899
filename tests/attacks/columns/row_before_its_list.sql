-- A function in the check that comes with a new column inserts a row before the command is over: the row has the column,
-- and no list in its chain says what type that is.
-- role: app_owner
-- says: done
-- verify: intact
CREATE TABLE s.once ();
CREATE FUNCTION s.smuggle(text) RETURNS bool LANGUAGE plpgsql AS $$
BEGIN
    IF to_regclass('s.once') IS NOT NULL THEN
        DROP TABLE s.once;
        EXECUTE 'INSERT INTO s.a (n, extra) VALUES (77, ''smuggled'')';
    END IF;
    RETURN true;
END $$;
ALTER TABLE s.a ADD COLUMN extra text, ADD CHECK (s.smuggle(extra));
INSERT INTO s.a (n, extra) VALUES (78, 'behind it');
-- The first row with the column has the list, and no later one of its chain.
DO $$
BEGIN
    ASSERT (SELECT array_agg(line LIKE '%"columns":[["id",%["extra","text"]]%' ORDER BY line LIKE '%smuggled%' DESC)
        FROM audit_immutable.export('s.a') AS line WHERE line LIKE '%"extra":%' AND line LIKE '{"chain"%') = '{t,f}';
END $$;
