-- A log that is read in every way there is, and one beside it.
CREATE EXTENSION dblink;
CREATE EXTENSION audit_immutable;
CREATE ROLE app LOGIN SUPERUSER;
CREATE TABLE log (id int PRIMARY KEY, what text) USING audit_immutable;
CREATE INDEX ON log (what);
INSERT INTO log SELECT n, 'what ' || n FROM generate_series(1, 2000) AS n;
CREATE TABLE other (id int, what text) USING audit_immutable;
INSERT INTO other VALUES (1, 'one');
CREATE TABLE root (id int, what text) PARTITION BY LIST (id);
CREATE TABLE leaf_1 PARTITION OF root FOR VALUES IN (1) USING audit_immutable;
CREATE TABLE leaf_2 PARTITION OF root FOR VALUES IN (2) USING audit_immutable;
INSERT INTO root VALUES (1, 'one'), (2, 'two');
CREATE VIEW seen AS SELECT * FROM log;
CREATE FUNCTION first_of_log() RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS 'SELECT what FROM log WHERE id = 1';
CREATE FUNCTION tell(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RAISE NOTICE ''%'', $1; RETURN $1; END';
CREATE TABLE child (id int REFERENCES log);
CREATE TABLE plain (id int);
VACUUM (ANALYZE) log;
