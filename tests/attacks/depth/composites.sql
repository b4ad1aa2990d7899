-- A type inside a type inside a type, thousands deep: whatever walks down a table's types by recursion runs out of stack,
-- and the whole server restarts.
-- role: attacker
-- says: 54001
-- verify: intact
SET search_path = m;
CREATE TYPE t0 AS (a int);
DO $$ BEGIN FOR i IN 1..1500 LOOP EXECUTE format('CREATE TYPE t%s AS (a t%s[])', i, i - 1); END LOOP; END $$;
DO $$ BEGIN FOR i IN 1501..3000 LOOP EXECUTE format('CREATE TYPE t%s AS (a t%s[])', i, i - 1); END LOOP; END $$;
CREATE TABLE deep (v t3000) USING audit_immutable;
