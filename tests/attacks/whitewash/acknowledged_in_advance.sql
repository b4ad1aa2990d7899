-- The owner acknowledges what has not happened yet, so that whoever damages the rows later is forgiven already.
-- role: app_owner
-- rings: ring2
-- says: done
-- verify: missing
-- may change: s.a
SELECT audit_immutable.acknowledge('s.a', 'whatever will be');
\connect - postgres
SELECT 1 / (count(*) = 0)::int FROM audit_immutable.event WHERE kind IN ('acknowledge', 'loss_acknowledged') AND relation = 's.a';
\connect - postgres
UPDATE pg_trigger SET tgenabled = 'D' WHERE tgrelid = 's.a'::regclass;
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'heap') WHERE oid = 's.a'::regclass;
\connect
DELETE FROM s.a WHERE n = 5;
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'audit_immutable') WHERE oid = 's.a'::regclass;
UPDATE pg_trigger SET tgenabled = 'A' WHERE tgrelid = 's.a'::regclass;
