-- A table that never had a row becomes something else under its log: a parent, a child, one without a guard or a stamp,
-- another access method, an unlogged one.
-- role: app_owner
-- says: 42501 / 42501 / 42501 / 42501 / 42501 / 42501 / 42501
-- verify: intact
SET search_path = s;
CREATE TABLE new (id int, v text) USING audit_immutable;
CREATE TABLE parent (LIKE new);
CREATE TABLE child () INHERITS (new);
ALTER TABLE new INHERIT parent;
ALTER TABLE new SET ACCESS METHOD heap;
ALTER TABLE new SET UNLOGGED;
ALTER TABLE new DISABLE TRIGGER ALL;
DROP TRIGGER audit_immutable_guard ON new;
ALTER TABLE new DROP COLUMN audit_hash;
INSERT INTO new VALUES (1, 'one');
