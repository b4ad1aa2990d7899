-- ALTER COLUMN TYPE rewrites the rows. If it took a type that rounds, cuts, or prints otherwise, or an expression, or brought
-- a default along, the owner would change what the rows say, and their hashes with them.
-- role: app_owner
-- says: 42501 / 42501 / 42501 / 42501 / 42501 / 42501 / 42501 / 42501 / 42501
-- verify: intact
CREATE DOMAIN s.low AS int CHECK (VALUE < 1000);
ALTER TABLE s.a ALTER n TYPE bigint USING n + 1;
ALTER TABLE s.a ALTER n TYPE numeric(6, 2);
ALTER TABLE s.a ALTER n TYPE text;
ALTER TABLE s.a ALTER n TYPE s.low;
ALTER TABLE s.a ALTER at TYPE timestamp;
ALTER TABLE s.a ALTER n TYPE bigint, ADD COLUMN approved bool DEFAULT true;
ALTER TABLE s.a ALTER n TYPE bigint, ADD COLUMN approved float DEFAULT random();
ALTER TABLE s.a ALTER audit_seq TYPE numeric;
ALTER TABLE s.a ALTER n TYPE bigint, ALTER audit_hash TYPE bytea USING sha256(audit_hash);
