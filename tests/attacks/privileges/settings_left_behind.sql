-- A function in an index runs as its owner while a superuser verifies. It could leave settings behind in the superuser's
-- session: a search path that finds the attacker's functions first, or another role.
-- role: attacker
-- says: done
-- verify: intact
CREATE FUNCTION m.work() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('search_path', 'm, pg_catalog', false);
    PERFORM set_config('DateStyle', 'German', false);
    BEGIN
        PERFORM set_config('session_authorization', 'attacker', false);
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
    BEGIN
        EXECUTE 'CREATE TEMPORARY TABLE left_behind (n int)';
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
    RETURN 1;
END $$;
CREATE FUNCTION m.quiet(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM m.work(); RETURN $1; END $$;
CREATE INDEX evil ON m.mine (id) WHERE m.quiet(1) > 0;
CREATE TABLE m.bait (id int);
INSERT INTO m.bait VALUES (1);
CREATE INDEX ON m.bait (m.quiet(id)) WHERE m.quiet(1) > 0;
\connect - postgres
SELECT count(*) FROM audit_immutable.verify('m.mine');
SELECT audit_immutable.protect('m.bait', order_by => ARRAY['id']) IS NOT NULL;
SELECT 1 / (current_setting('search_path') NOT LIKE 'm,%' AND current_setting('DateStyle') NOT LIKE 'German%')::int;
SELECT 1 / (current_user = 'postgres' AND session_user = 'postgres')::int;
SELECT 1 / (to_regclass('pg_temp.left_behind') IS NULL)::int;
