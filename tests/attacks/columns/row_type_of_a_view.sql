-- A log holds the row type of what is no table: of a view that is replaced, a foreign table, a child of a plain table.
-- role: postgres
-- says: 42501 / 42501 / 42501 / 42501 / 42501 / 42501
-- verify: intact
SET search_path = s;
CREATE FOREIGN DATA WRAPPER nothing;
CREATE SERVER nowhere FOREIGN DATA WRAPPER nothing;
CREATE TYPE colour AS ENUM ('red');
CREATE VIEW v AS SELECT 1 AS x;
CREATE FOREIGN TABLE f (x int) SERVER nowhere;
CREATE TABLE parent (x int, c colour);
CREATE TABLE child () INHERITS (parent);
CREATE TABLE holds (v v, f f, c child) USING audit_immutable;
INSERT INTO holds VALUES (ROW(1), ROW(2), ROW(3, 'red'));
CREATE OR REPLACE VIEW v AS SELECT 1 AS x, 2 AS y;
ALTER VIEW v RENAME COLUMN x TO y;
ALTER FOREIGN TABLE f ADD COLUMN y int;
ALTER TABLE parent ADD COLUMN y int;
ALTER TABLE parent DROP COLUMN x;
DROP TYPE colour CASCADE;
