-- A superuser acknowledges, detaches, and acknowledges all, where everything that PostgreSQL evaluates to plan or to move a
-- table is the attacker's.
-- role: attacker
-- says: done
-- verify: intact
-- runs as: attacker
CREATE FUNCTION m.trap(what text, n int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM m.note(what); RETURN n; END $$;
CREATE TABLE m.root (k int, v text) PARTITION BY RANGE ((m.trap('partition key', k)));
CREATE TABLE m.leaf PARTITION OF m.root FOR VALUES FROM (0) TO (10) USING audit_immutable;
CREATE TABLE m.others PARTITION OF m.root DEFAULT;
CREATE INDEX ON m.root (m.trap('expression', k));
CREATE INDEX ON m.leaf (k) WHERE m.trap('predicate', 1) > 0;
CREATE STATISTICS m.more ON (m.trap('statistics', k)), v FROM m.leaf;
ALTER TABLE m.leaf ADD CHECK (m.trap('check', 1) > 0);
ALTER TABLE m.leaf ALTER v SET DEFAULT m.trap('default', 1)::text;
CREATE FUNCTION m.on_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM m.note('trigger'); RETURN NEW; END $$;
CREATE TRIGGER before_row BEFORE INSERT ON m.leaf FOR EACH ROW WHEN (m.trap('condition', 1) > 0) EXECUTE FUNCTION m.on_row();
INSERT INTO m.root VALUES (1, 'one'), (11, 'eleven');
ANALYZE m.leaf;
\connect - postgres
SET constraint_exclusion = on;
SET search_path = m, pg_catalog;
SELECT FROM audit_immutable.acknowledge('m.leaf', 'as it is');
SELECT audit_immutable.acknowledge_all('as they are');
SELECT FROM audit_immutable.detach('m.leaf', 'its year is over');
SELECT 1 / (intact AND rows = 1)::int FROM audit_immutable.verify('m.leaf');
