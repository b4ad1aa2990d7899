-- A superuser without preload, before anything has loaded the library, makes a log a heap table by hand, and changes a
-- row. The header says that he is refused.
-- role: postgres
-- rings: ring2
-- says: 42501
-- verify: intact
-- complains: it says done, a row is gone, verify finds modified
UPDATE pg_trigger SET tgenabled = 'D' WHERE tgrelid = 's.a'::regclass;
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'heap') WHERE oid = 's.a'::regclass;
\connect
UPDATE s.a SET actor = 'nobody' WHERE id = 3;
\connect
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'audit_immutable') WHERE oid = 's.a'::regclass;
UPDATE pg_trigger SET tgenabled = 'A' WHERE tgrelid = 's.a'::regclass;
