-- A type of two of the type before, fourteen times over, is made of 32,767 types: whatever looks at each of them
-- works on, and with each further one twice as long. (From thirty on it is PostgreSQL that does not come back.)
-- role: attacker
-- says: 54001 / 54001 / 54001
-- verify: intact
SET search_path = m;
CREATE TYPE b0 AS (a int);
DO $$ BEGIN FOR i IN 1..14 LOOP EXECUTE format('CREATE TYPE b%s AS (a b%s, b b%s)', i, i - 1, i - 1); END LOOP; END $$;
CREATE TABLE doubled (v b14) USING audit_immutable;
CREATE TABLE plain (v b14);
SELECT audit_immutable.protect('plain');
ALTER TABLE mine ADD COLUMN v b14;
