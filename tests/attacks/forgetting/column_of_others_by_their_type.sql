-- The owner of a type drops it with CASCADE, and with it a column of somebody else's log: of one that never had a row, of
-- one that had some, and of one that holds the row type of the first.
-- role: postgres
-- says: 42501 / 42501 / 42501
-- verify: intact
GRANT USAGE ON SCHEMA s TO attacker;
\connect - attacker
CREATE TYPE m.mood AS ENUM ('x', 'y');
\connect - app_owner
CREATE TABLE s.unused (id int, v m.mood) USING audit_immutable;
CREATE TABLE s.used (id int, v m.mood) USING audit_immutable;
INSERT INTO s.used VALUES (1, 'x');
\connect - attacker
DROP TYPE m.mood CASCADE;
CREATE TYPE m.other AS ENUM ('x', 'y');
\connect - app_owner
CREATE TABLE s.inner_log (id int, v m.other) USING audit_immutable;
CREATE TABLE s.outer_log (id int, v s.inner_log) USING audit_immutable;
INSERT INTO s.outer_log VALUES (1, ROW(1, 'x', 0, 0, 'now', 0, '\x00')::s.inner_log);
DROP TABLE s.inner_log CASCADE;
\connect - attacker
DROP TYPE m.other CASCADE;
