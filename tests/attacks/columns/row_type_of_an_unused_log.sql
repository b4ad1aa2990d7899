-- A log holds the row type of another one that never had a row: that other one is reshaped for free, and with it what
-- the rows of the first say.
-- role: app_owner
-- says: 42501 / 42501 / 42501 / 42501 / 42501 / 42501
-- verify: intact
SET search_path = s;
CREATE TABLE inner_log (x int, y text) USING audit_immutable;
CREATE TABLE outer_log (id int, v inner_log) USING audit_immutable;
INSERT INTO outer_log VALUES (1, ROW(7, 'seven', 0, 0, 'now', 0, '\x00')::inner_log);
ALTER TABLE inner_log RENAME COLUMN y TO z;
ALTER TABLE inner_log DROP COLUMN x;
ALTER TABLE inner_log ADD COLUMN w int;
ALTER TABLE inner_log ADD COLUMN w int DEFAULT 7;
ALTER TABLE inner_log RENAME TO other_log;
ALTER TABLE inner_log ALTER COLUMN x TYPE bigint;
