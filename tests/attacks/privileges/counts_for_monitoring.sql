-- What is counted for those who watch a server tells the attacker how many rows others write, when, and whether any of
-- them were found wrong.
-- role: attacker
-- says: 42501 / 42501
-- verify: intact
SELECT c.oid AS log FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace WHERE nspname = 's' AND relname = 'a' \gset
SELECT * FROM audit_immutable.state(:log, 1, 9223372036854775807);
SELECT * FROM audit_immutable.checkpoint_time;
SELECT 1 / (count(*) = 1)::int FROM audit_immutable.status
WHERE relation = :log AND rows IS NULL AND unsigned_rows IS NULL AND last_verified_at IS NULL AND last_findings IS NULL;
