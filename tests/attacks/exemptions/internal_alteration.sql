-- With the event triggers disabled by hand, in a session that has not loaded the library yet, a superuser takes the log to
-- the heap. What swaps the storage at the end of that is called internal by PostgreSQL, and was not judged.
-- role: postgres
-- says ring2: 42501
-- says ring3: 42501 / 42501 / 42501 / 42501 / 42501
-- verify ring2: guard_missing
-- verify ring3: intact
ALTER EVENT TRIGGER audit_immutable_check DISABLE;
ALTER EVENT TRIGGER audit_immutable_finish DISABLE;
ALTER EVENT TRIGGER audit_immutable_finish_create DISABLE;
ALTER EVENT TRIGGER audit_immutable_refuse_rewrite DISABLE;
\connect - postgres
ALTER TABLE s.a SET ACCESS METHOD heap;
