-- The same by ALTER COLUMN TYPE to the type that the column has: every row is written anew, with whatever values and
-- hashes the command says.
-- role: postgres
-- rings: ring2
-- says: 428C9
-- verify: guard_missing
ALTER EVENT TRIGGER audit_immutable_check DISABLE;
ALTER EVENT TRIGGER audit_immutable_finish DISABLE;
ALTER EVENT TRIGGER audit_immutable_finish_create DISABLE;
ALTER EVENT TRIGGER audit_immutable_refuse_rewrite DISABLE;
\connect - postgres
ALTER TABLE s.a ALTER COLUMN actor TYPE text USING 'ceo';
