-- Nor is it a swap when a table with rows becomes a log, or an empty one is truncated.
-- role: app_owner
-- says: done
-- verify: intact
CREATE TABLE s.b AS SELECT g AS id FROM generate_series(1, 100) AS g;
SELECT audit_immutable.protect('s.b');
CREATE TABLE s.c AS SELECT g AS id FROM generate_series(1, 100) AS g;
ALTER TABLE s.c SET ACCESS METHOD audit_immutable;
CREATE TABLE s.d (id int) USING audit_immutable;
TRUNCATE s.d;
CREATE TABLE s.e USING audit_immutable AS SELECT 1 AS id;
