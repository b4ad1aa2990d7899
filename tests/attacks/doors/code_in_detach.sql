-- Code of a user's runs while detach takes a leaf out, and detaches another one: the exemption
-- is for one leaf, and the index expressions and defaults of the root are all that user's.
-- role: app_owner
-- says: 42501 / 42501
-- verify: intact
SET search_path = s;
CREATE FUNCTION bite() RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'ALTER TABLE s.root DETACH PARTITION s.other'; END $$;
CREATE FUNCTION bait(v text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF current_setting('s.bites', true) = 'yes' THEN PERFORM s.bite(); END IF;
    RETURN v;
END
$$;
CREATE TABLE root (k int, v text) PARTITION BY LIST (k);
CREATE TABLE leaf PARTITION OF root FOR VALUES IN (1) USING audit_immutable;
CREATE TABLE other PARTITION OF root FOR VALUES IN (2) USING audit_immutable;
CREATE INDEX ON root (bait(v));
INSERT INTO root VALUES (1, 'a'), (2, 'b');
SET s.bites = yes;
-- It does bite.
INSERT INTO root VALUES (1, 'c');
ALTER TABLE root ALTER v SET DEFAULT bait('x');
SELECT FROM audit_immutable.detach('leaf', 'with bait');
SELECT 1 / (relispartition)::int FROM pg_class WHERE oid = 'other'::regclass;
ALTER TABLE root DETACH PARTITION other;
