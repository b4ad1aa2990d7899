-- A superuser protects somebody's table, in an order of rows that a query makes. What the owner has put into its indexes
-- and statistics is evaluated when that is planned, and once more when the indexes are built anew.
-- role: attacker
-- says: done
-- verify: intact
CREATE FUNCTION m.work() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
    PERFORM m.note('protect');
    IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        ALTER ROLE attacker SUPERUSER;
    END IF;
    RETURN 1;
END $$;
CREATE FUNCTION m.quiet(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM m.work(); RETURN $1; END $$;
CREATE TABLE m.bait (id int, note text);
INSERT INTO m.bait VALUES (2, 'two'), (1, 'one');
CREATE INDEX ON m.bait (m.quiet(id));
CREATE INDEX ON m.bait (id) WHERE m.quiet(1) > 0;
CREATE STATISTICS m.more ON (m.quiet(1) + id), note FROM m.bait;
\connect - postgres
SELECT audit_immutable.protect('m.bait', order_by => ARRAY['id']) IS NOT NULL;
SELECT audit_immutable.retire('m.bait', 'once more') IS NULL;
