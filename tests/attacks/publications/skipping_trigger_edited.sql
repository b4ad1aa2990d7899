-- The trigger that leaves a publisher's rows out of the extension's tables is disabled or taken away by hand in the catalog.
-- role: postgres
-- rings: ring2
-- says: done
-- verify: guard_missing
UPDATE pg_trigger SET tgenabled = 'D' WHERE tgrelid = 'audit_immutable.session'::regclass AND tgname = 'audit_immutable_skip_replicated';
DELETE FROM pg_trigger WHERE tgrelid = 'audit_immutable.event'::regclass AND tgname = 'audit_immutable_skip_replicated';
\connect
SELECT 1 / (count(*) = 2)::int FROM audit_immutable.verify() WHERE NOT intact AND findings = 1;
