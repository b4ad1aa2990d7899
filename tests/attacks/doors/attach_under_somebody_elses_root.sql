-- A log is attached by a superuser or by its owner below a table of somebody else's, who could then write to it, route rows
-- away from it, or take it out again.
-- role: app_owner
-- says: 42501 / 42501 / 42501
-- verify: intact
SET search_path = s;
GRANT USAGE, CREATE ON SCHEMA s TO app_rw;
CREATE TABLE log (k int, v text) USING audit_immutable;
INSERT INTO log VALUES (1, 'one');
\connect - app_rw
CREATE TABLE s.theirs (k int, v text) PARTITION BY LIST (k);
\connect - app_owner
ALTER TABLE s.theirs ATTACH PARTITION s.log FOR VALUES IN (1);
\connect - postgres
ALTER TABLE s.theirs ATTACH PARTITION s.log FOR VALUES IN (1);
\connect - app_rw
INSERT INTO s.theirs VALUES (1, 'by the owner of the root');
SELECT audit_immutable.detach('s.log', 'not my leaf');
ALTER TABLE s.theirs DETACH PARTITION s.log;
\connect - postgres
SELECT 1 / (count(*) = 2)::int FROM s.log;
