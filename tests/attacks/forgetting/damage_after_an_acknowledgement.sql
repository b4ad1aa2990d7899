-- A damaged row was acknowledged: from then on it can be changed at will, since nobody looks at it any more.
-- role: postgres
-- rings: ring2
-- says: done
-- verify: modified
-- may change: s.a
UPDATE pg_trigger SET tgenabled = 'D' WHERE tgrelid = 's.a'::regclass;
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'heap') WHERE oid = 's.a'::regclass;
\connect
UPDATE s.a SET actor = 'nobody' WHERE n = 5;
\connect
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'audit_immutable') WHERE oid = 's.a'::regclass;
UPDATE pg_trigger SET tgenabled = 'A' WHERE tgrelid = 's.a'::regclass;
VACUUM s.a;
REINDEX TABLE s.a;
\connect - app_owner
SELECT audit_immutable.acknowledge('s.a', 'a bit flipped');
\connect - postgres
-- A division by zero tells of an answer that should be another.
SELECT 1 / intact::int AS in_order, 1 / (on_record LIKE 'loss acknowledged: Row 5 of chain 1 does not hash%app_owner: a bit flipped')::int
    FROM audit_immutable.verify('s.a');
\connect
UPDATE pg_trigger SET tgenabled = 'D' WHERE tgrelid = 's.a'::regclass;
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'heap') WHERE oid = 's.a'::regclass;
\connect
UPDATE s.a SET actor = 'mallory' WHERE n = 5;
\connect
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'audit_immutable') WHERE oid = 's.a'::regclass;
UPDATE pg_trigger SET tgenabled = 'A' WHERE tgrelid = 's.a'::regclass;
VACUUM s.a;
REINDEX TABLE s.a;
