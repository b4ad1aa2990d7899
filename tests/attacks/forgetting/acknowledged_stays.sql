-- The owner of a log has a loss forgiven, and nobody hears of it later.
-- role: postgres
-- rings: ring2
-- says: done
-- verify: intact
-- may change: s.a
UPDATE pg_trigger SET tgenabled = 'D' WHERE tgrelid = 's.a'::regclass;
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'heap') WHERE oid = 's.a'::regclass;
\connect
DELETE FROM s.a WHERE n > 8;
\connect
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'audit_immutable') WHERE oid = 's.a'::regclass;
UPDATE pg_trigger SET tgenabled = 'A' WHERE tgrelid = 's.a'::regclass;
VACUUM s.a;
REINDEX TABLE s.a;
SELECT audit_immutable.begin_incarnation('moved to a new rack');
\connect - app_owner
SELECT audit_immutable.acknowledge('s.a', 'nobody needs them');
\connect - postgres
-- A division by zero tells of an answer that should be another.
SELECT 1 / (on_record LIKE 'loss acknowledged: Rows 9 to 10 of chain 1 are gone%app_owner: nobody needs them')::int
    FROM audit_immutable.verify('s.a');
