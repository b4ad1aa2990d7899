-- A log of which the columns are those of a type, and change with its attributes: made OF it, protected, or restored with
-- stamps in the type.
-- role: app_owner
-- says: 42809 / 42809 / 42501
-- verify: intact
SET search_path = s;
CREATE TYPE shape AS (x int, y text);
CREATE TABLE typed OF shape USING audit_immutable;
CREATE TABLE typed OF shape;
SELECT audit_immutable.protect('typed');
CREATE TYPE stamped AS (x int, audit_chain int, audit_seq bigint, audit_at timestamptz, audit_session bigint, audit_hash bytea);
CREATE TABLE typed_too OF stamped USING audit_immutable;
CREATE TABLE holds (id int, v stamped) USING audit_immutable;
INSERT INTO holds VALUES (1, ROW(1, 2, 3, 'now', 4, '\x05'));
ALTER TYPE stamped RENAME ATTRIBUTE x TO z CASCADE;
