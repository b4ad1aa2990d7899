-- A type far inside the type of a column is renamed: the way up from it is as long as the nesting is deep, or as wide as
-- there are types of it.
-- role: attacker
-- says: 42501
-- verify: intact
SET search_path = m;
CREATE TYPE inner0 AS ENUM ('a', 'b');
CREATE TYPE w0 AS (a inner0);
DO $$ BEGIN FOR i IN 1..80 LOOP EXECUTE format('CREATE TYPE w%s AS (a w%s)', i, i - 1); END LOOP; END $$;
CREATE TABLE holds (v w80) USING audit_immutable;
INSERT INTO holds VALUES (NULL);      -- without a row, its types would be free
ALTER TYPE inner0 RENAME VALUE 'a' TO 'c';
