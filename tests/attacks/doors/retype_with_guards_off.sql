-- What looks at ALTER TABLE is disabled but for the trigger that lets a table be rewritten: the rows are compared all the
-- same, at the latest when the transaction commits.
-- role: postgres
-- rings: ring2
-- says: 42501 / 42501
-- verify: guard_missing
ALTER EVENT TRIGGER audit_immutable_check DISABLE;
ALTER EVENT TRIGGER audit_immutable_finish DISABLE;
ALTER EVENT TRIGGER audit_immutable_finish_create DISABLE;
\connect - postgres
ALTER TABLE s.a ALTER n TYPE bigint USING n + 1;
ALTER TABLE s.a ALTER n TYPE bigint, ALTER actor TYPE varchar USING 'ceo';
