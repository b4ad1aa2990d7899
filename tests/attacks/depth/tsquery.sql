-- A tsquery is nested so deep that who inserts it has just stack enough, and who verifies it has not: verify() of everything
-- ends there for everybody.
-- role: attacker
-- says: 54001 / 54000 / 54001
-- verify: intact
CREATE TABLE m.queries (q tsquery) USING audit_immutable;
INSERT INTO m.queries SELECT (repeat('a|', 8001) || 'a')::tsquery;
-- By itself it is never stored in pieces, so that PostgreSQL has a bound of its own; in an array it is.
INSERT INTO m.queries SELECT (repeat('a|', 8000) || 'a')::tsquery;
CREATE TABLE m.arrays (q tsquery[]) USING audit_immutable;
INSERT INTO m.arrays SELECT ARRAY[(repeat('a|', 8001) || 'a')::tsquery];
INSERT INTO m.arrays SELECT ARRAY[(repeat('a|', 7000) || 'a')::tsquery];
\connect - postgres
SET max_stack_depth = '1500kB';
SELECT 1 / bool_and(intact)::int FROM audit_immutable.verify();
SELECT 1 / (count(*) = 2)::int FROM audit_immutable.export('m.arrays');
