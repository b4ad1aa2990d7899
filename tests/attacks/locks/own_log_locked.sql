-- Whoever locks a log of his own stops what everybody else does with tables and types.
-- role: attacker
-- says: done
-- verify: intact
SELECT dblink_connect_u('holder', 'user=attacker dbname=' || current_database());
SELECT dblink_exec('holder', 'BEGIN');
SELECT dblink_exec('holder', 'LOCK TABLE m.mine IN ACCESS EXCLUSIVE MODE');
SELECT dblink_connect_u('other', 'user=app_owner dbname=' || current_database());
SELECT dblink_exec('other', 'SET lock_timeout = ''2s''');
SELECT dblink_exec('other', statement) FROM (VALUES
    ('CREATE TABLE s.p (a int, b text)'),
    ('CREATE TABLE s.au (a int) USING audit_immutable'),
    ('ALTER TABLE s.p RENAME COLUMN a TO c'),
    ('CREATE TYPE s.e AS ENUM (''x'', ''y'')'),
    ('ALTER TYPE s.e RENAME VALUE ''x'' TO ''z'''),
    ('ALTER TYPE s.e RENAME TO e2'),
    ('CREATE TYPE s.ct AS (a int)'),
    ('ALTER TYPE s.ct ADD ATTRIBUTE b int'),
    ('ALTER TABLE s.p ADD COLUMN d int'),
    ('ALTER TABLE s.p DROP COLUMN b'),
    ('ALTER TABLE s.p ALTER COLUMN c TYPE bigint'),
    ('CREATE DOMAIN s.d AS text'),
    ('ALTER DOMAIN s.d RENAME TO d3'),
    ('CREATE INDEX ON s.p (c)'),
    ('INSERT INTO s.au VALUES (1)'),
    ('DROP TABLE s.p'),
    ('CREATE VIEW s.v AS SELECT 1')) AS statements (statement);
SELECT dblink_exec('holder', 'ROLLBACK');
