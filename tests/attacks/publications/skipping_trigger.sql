-- What leaves a publisher's rows out of the extension's tables is a trigger: it is disabled, dropped or renamed, or one like
-- it is put on a log of the users', so that rows stay out.
-- role: postgres
-- says: 42501 / 42501 / 42501 / 42501 / 42501
-- verify: intact
ALTER TABLE audit_immutable.event DISABLE TRIGGER audit_immutable_skip_replicated;
DROP TRIGGER audit_immutable_skip_replicated ON audit_immutable.event;
ALTER TRIGGER audit_immutable_skip_replicated ON audit_immutable.event RENAME TO other;
ALTER TABLE audit_immutable.event ENABLE REPLICA TRIGGER audit_immutable_skip_replicated;
SET session_replication_role = replica;
INSERT INTO audit_immutable.event (kind, number) VALUES ('forged', 1);
RESET session_replication_role;
