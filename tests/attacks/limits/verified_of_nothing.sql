-- Events that say a log was verified, though nothing of it was read: a size that no tree has, as often as one likes.
-- role: auditor
-- says: 22023 / 22023
-- verify: intact
SELECT intact FROM audit_immutable.verify('s.a', since_checkpoint => 9223372036854775807);
SELECT intact FROM audit_immutable.verify('s.a', since_checkpoint => 1000000);
DO $$ BEGIN FOR i IN 1..200 LOOP PERFORM FROM audit_immutable.verify('s.a', since_checkpoint => 0); END LOOP; END $$;
\connect - postgres
SELECT 1 / (count(*) = 60)::int FROM audit_immutable.event WHERE kind = 'verified';
SELECT 1 / (count(*) = 1)::int FROM audit_immutable.event WHERE kind = 'verified' AND detail ? 'last_within_an_hour';
