-- An owner has every other row stored first: whoever verifies them as they lie has to keep every line until its predecessor
-- comes, and runs out of memory. The aggregate behind verify() stops there; verify() goes along the chain.
-- role: app_owner
-- says: 54000
-- verify: intact
SET search_path = s;
CREATE TABLE big (id int, v text) USING audit_immutable;
INSERT INTO big SELECT i % 2 * 10000 + i, repeat('x', 100000) FROM generate_series(1, 1500) AS i;
CREATE INDEX mixed ON big (id);
CLUSTER big USING mixed;
SELECT audit_immutable.check_rows('big'::regclass::oid, 0, 1000000, false);
SELECT 1 / (intact AND rows = 1500)::int FROM audit_immutable.verify('big');
