-- As forged_while_adopted, by way of order_by: the query that orders the rows plans with the owner's functions while the twin,
-- into which the rows are copied, is there under a name that anybody can guess, and takes stamped rows as they are.
-- role: attacker
-- says: 428C9
-- verify: intact
CREATE TABLE m.p (n int);
INSERT INTO m.p VALUES (1), (2);
CREATE FUNCTION m.work() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    twin text := format('m.pg_temp_%s', 'm.p'::regclass::oid);
BEGIN
    IF to_regclass(twin) IS NULL THEN RETURN; END IF;
    EXECUTE format('INSERT INTO %s (n, audit_chain, audit_seq, audit_at, audit_session, audit_hash) SELECT 666, 7, 7, %L, 0, sha256(%L)
        WHERE NOT EXISTS (SELECT FROM %s)', twin, '2020-01-01', '', twin);
END $$;
CREATE FUNCTION m.quiet(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM m.work(); RETURN $1; END $$;
CREATE INDEX evil ON m.p (n) WHERE m.quiet(1) > 0;
SELECT audit_immutable.protect('m.p', order_by => ARRAY['n']) IS NOT NULL;
DROP INDEX m.evil;
