-- An owner of a log, who may publish it, publishes or subscribes what is the extension's: or has the log published with rows or
-- columns left out, so that the copy looks like the log.
-- role: app_owner
-- says: 42501 / 42501 / 42501 / 42501
-- verify: intact
\connect - postgres
GRANT CREATE ON DATABASE :DBNAME TO app_owner;
\connect - app_owner
CREATE PUBLICATION own FOR TABLE audit_immutable.event;
CREATE PUBLICATION every FOR ALL TABLES;
CREATE PUBLICATION several FOR TABLES IN SCHEMA audit_immutable;
CREATE PUBLICATION part FOR TABLE s.a (id, audit_chain, audit_seq) WHERE (n < 5) WITH (publish = 'insert');
ALTER PUBLICATION part SET TABLE s.a (id);
ALTER TABLE s.a REPLICA IDENTITY FULL;
UPDATE s.a SET n = 0;
INSERT INTO s.a (n) VALUES (11);
DROP PUBLICATION part;
