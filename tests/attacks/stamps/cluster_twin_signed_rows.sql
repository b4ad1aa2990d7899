-- As cluster_twin, of rows that a checkpoint commits to: they are gone all the same. CLUSTER sorts by an expression of the owner's while the twin is there, under a name that anybody can guess and not armed:
-- what the expression inserts there takes the place of the page that CLUSTER writes next, and the rows on that page are gone.
-- role: app_owner
-- says: 428C9
-- verify: intact
CREATE FUNCTION s.work() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    twin text := format('s.pg_temp_%s', 's.a'::regclass::oid);
    any_row bool;
BEGIN
    IF to_regclass(twin) IS NULL THEN RETURN; END IF;
    EXECUTE format('SELECT EXISTS (SELECT FROM %s)', twin) INTO any_row;
    IF any_row THEN RETURN; END IF;
    EXECUTE format('INSERT INTO %s OVERRIDING SYSTEM VALUE SELECT * FROM s.a WHERE n <= 3', twin);
END $$;
CREATE FUNCTION s.expression(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM s.work(); RETURN $1; END $$;
CREATE INDEX evil ON s.a (s.expression(n));
SET enable_indexscan = off;
CLUSTER s.a USING evil;
DROP INDEX s.evil;
SELECT 1 / (count(*) = 10)::int FROM s.a;
