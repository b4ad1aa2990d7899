-- While ALTER COLUMN TYPE rewrites a log, a function in a check retires it, retypes it once more, takes it out of its tree,
-- empties it, drops it, or lists its rows for a later forgery.
-- role: app_owner
-- says: 55006 / 55006 / 55006 / 42501 / 42501
-- verify: intact
SET search_path = s;
CREATE TABLE root (k int, n int) PARTITION BY LIST (k);
CREATE TABLE leaf PARTITION OF root FOR VALUES IN (1) USING audit_immutable;
INSERT INTO root VALUES (1, 1), (1, 2);
CREATE FUNCTION bite(n bigint) RETURNS bool LANGUAGE plpgsql AS $$
DECLARE bite text := current_setting('s.bite', true);
BEGIN
    IF bite <> '' THEN
        PERFORM set_config('s.bite', '', false);
        EXECUTE bite;
    END IF;
    RETURN true;
END $$;
ALTER TABLE leaf ADD CHECK (s.bite(n));
SET s.bite = $$ SELECT audit_immutable.retire('s.leaf', 'in the middle') $$;
ALTER TABLE root ALTER n TYPE bigint;
SET s.bite = $$ ALTER TABLE s.leaf ALTER n TYPE numeric $$;
ALTER TABLE root ALTER n TYPE bigint;
SET s.bite = $$ SELECT audit_immutable.detach('s.leaf', 'in the middle') $$;
ALTER TABLE root ALTER n TYPE bigint;
SET s.bite = $$ DELETE FROM s.leaf $$;
ALTER TABLE root ALTER n TYPE bigint;
SET s.bite = $$ DROP TABLE s.leaf $$;
ALTER TABLE root ALTER n TYPE bigint;
SET s.bite = '';
ALTER TABLE root ALTER n TYPE bigint;
INSERT INTO root VALUES (1, 1234567890123);
SELECT 1 / (count(*) = 3)::int FROM leaf;
