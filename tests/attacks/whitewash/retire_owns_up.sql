-- A log whose rows do not lead up to the last checkpoint is retired, and nobody can look for them any more: checkpoints
-- go on and verify() has nothing to say. The event says what was not whole, and verify() goes on saying it.
-- role: postgres
-- rings: ring2
-- says: done
-- verify: checkpoint_mismatch
-- may change: s.a
UPDATE pg_trigger SET tgenabled = 'D' WHERE tgrelid = 's.a'::regclass;
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'heap') WHERE oid = 's.a'::regclass;
\connect
DELETE FROM s.a WHERE n > 8;
\connect
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'audit_immutable') WHERE oid = 's.a'::regclass;
UPDATE pg_trigger SET tgenabled = 'A' WHERE tgrelid = 's.a'::regclass;
SELECT audit_immutable.retire('s.a', 'seven years are over');
DROP TABLE s.a;
