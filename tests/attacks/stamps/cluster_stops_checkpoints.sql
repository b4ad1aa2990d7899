-- A stranger removes rows of a log of his own that a checkpoint commits to: does anybody get a checkpoint after that?
-- role: attacker
-- says: 428C9
-- verify: intact
INSERT INTO m.mine SELECT i, 'x' FROM generate_series(2, 9) AS i;
\connect - postgres
SELECT audit_immutable.checkpoint() IS NOT NULL;
\connect - attacker
CREATE FUNCTION m.work() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    twin text := format('m.pg_temp_%s', 'm.mine'::regclass::oid);
    any_row bool;
BEGIN
    IF to_regclass(twin) IS NULL THEN RETURN; END IF;
    EXECUTE format('SELECT EXISTS (SELECT FROM %s)', twin) INTO any_row;
    IF any_row THEN RETURN; END IF;
    EXECUTE format('INSERT INTO %s SELECT * FROM m.mine WHERE id <= 3', twin);
END $$;
CREATE FUNCTION m.expression(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM m.work(); RETURN $1; END $$;
CREATE INDEX evil ON m.mine (m.expression(id));
SET enable_indexscan = off;
CLUSTER m.mine USING evil;
DROP INDEX m.evil;
\connect - postgres
INSERT INTO s.a (actor) VALUES ('to be committed to');
SELECT audit_immutable.checkpoint() IS NOT NULL;
\connect - attacker
