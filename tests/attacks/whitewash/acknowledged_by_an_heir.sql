-- Somebody gets the log for a moment, acknowledges its damage, and gives it back: it is on record under whose name.
-- role: postgres
-- rings: ring2
-- says: 42501
-- verify: intact
-- may change: s.a
UPDATE pg_trigger SET tgenabled = 'D' WHERE tgrelid = 's.a'::regclass;
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'heap') WHERE oid = 's.a'::regclass;
\connect
DELETE FROM s.a WHERE n = 5;
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'audit_immutable') WHERE oid = 's.a'::regclass;
UPDATE pg_trigger SET tgenabled = 'A' WHERE tgrelid = 's.a'::regclass;
\connect - app_rw
SELECT audit_immutable.acknowledge('s.a', 'not mine');
\connect - postgres
GRANT ALL ON SCHEMA s TO app_rw;
ALTER TABLE s.a OWNER TO app_rw;
\connect - app_rw
SELECT FROM audit_immutable.acknowledge('s.a', 'mine for a moment');
\connect - postgres
ALTER TABLE s.a OWNER TO app_owner;
SELECT 1 / (on_record LIKE 'loss acknowledged: %by app_rw: mine for a moment')::int FROM audit_immutable.verify('s.a');
SELECT 1 / (array_agg(kind ORDER BY number) = '{protect,owner_changed,loss_acknowledged,owner_changed}')::int
FROM audit_immutable.event WHERE relation = 's.a';
