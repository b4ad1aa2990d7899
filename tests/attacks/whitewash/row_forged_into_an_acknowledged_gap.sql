-- Rows were acknowledged to be gone: others are put into their place, with stamps that look right.
-- role: postgres
-- rings: ring2
-- says: done
-- verify: inserted
-- may change: s.a
UPDATE pg_trigger SET tgenabled = 'D' WHERE tgrelid = 's.a'::regclass;
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'heap') WHERE oid = 's.a'::regclass;
\connect
DELETE FROM s.a WHERE n IN (5, 6);
\connect
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'audit_immutable') WHERE oid = 's.a'::regclass;
UPDATE pg_trigger SET tgenabled = 'A' WHERE tgrelid = 's.a'::regclass;
VACUUM s.a;
REINDEX TABLE s.a;
\connect - app_owner
SELECT audit_immutable.acknowledge('s.a', 'a bad sector');
\connect - postgres
SELECT 1 / intact::int AS in_order FROM audit_immutable.verify('s.a');
\connect
UPDATE pg_trigger SET tgenabled = 'D' WHERE tgrelid = 's.a'::regclass;
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'heap') WHERE oid = 's.a'::regclass;
\connect
INSERT INTO s.a OVERRIDING SYSTEM VALUE
    SELECT 5, at, 'mallory', action, details, 5, audit_chain, 5, audit_at, audit_session, sha256('mallory')
    FROM s.a WHERE n = 4;
\connect
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'audit_immutable') WHERE oid = 's.a'::regclass;
UPDATE pg_trigger SET tgenabled = 'A' WHERE tgrelid = 's.a'::regclass;
