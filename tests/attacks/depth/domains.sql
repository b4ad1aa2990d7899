-- Domains over domains over domains.
-- role: attacker
-- says: done
-- verify: intact
SET search_path = m;
CREATE DOMAIN d0 AS int;
DO $$ BEGIN FOR i IN 1..1000 LOOP EXECUTE format('CREATE DOMAIN d%s AS d%s', i, i - 1); END LOOP; END $$;
CREATE TABLE domains (v d1000) USING audit_immutable;
INSERT INTO domains VALUES (7);
ALTER DOMAIN d0 ADD CHECK (VALUE > 0);
