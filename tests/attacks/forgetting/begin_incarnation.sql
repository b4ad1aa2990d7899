-- The tail of a log is cut, and a new incarnation begun, so that nothing is compared any more with what the one before
-- committed to.
-- role: postgres
-- rings: ring2
-- says: done
-- verify: truncated
-- may change: s.a
UPDATE pg_trigger SET tgenabled = 'D' WHERE tgrelid = 's.a'::regclass;
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'heap') WHERE oid = 's.a'::regclass;
\connect
DELETE FROM s.a WHERE n > 8;
\connect
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'audit_immutable') WHERE oid = 's.a'::regclass;
UPDATE pg_trigger SET tgenabled = 'A' WHERE tgrelid = 's.a'::regclass;
REINDEX TABLE s.a;
SELECT audit_immutable.begin_incarnation('moved to a new rack');
SELECT count(*) FROM audit_immutable.checkpoint();
