-- The owner shows one log under two roots, one after the other or at once, so that its rows count for either.
-- role: app_owner
-- says: 42809 / 42809
-- verify: intact
SET search_path = s;
-- From 17 on a table with an identity column is not attached.
ALTER TABLE a ALTER id DROP IDENTITY;
CREATE TABLE first (LIKE a) PARTITION BY LIST (n);
CREATE TABLE second (LIKE a) PARTITION BY LIST (n);
ALTER TABLE first ATTACH PARTITION a DEFAULT;
ALTER TABLE second ATTACH PARTITION a DEFAULT;
ALTER TABLE first ATTACH PARTITION a FOR VALUES IN (3);
SELECT 1 / (count(*) = 2 AND bool_and(intact))::int FROM audit_immutable.verify('first');
SELECT FROM audit_immutable.detach('a', 'to the other one');
ALTER TABLE second ATTACH PARTITION a DEFAULT;
-- Either root says so, and the log says all of it.
SELECT 1 / (array_to_string(regexp_matches(on_record, '^attached: s.a .*\ndetached: s.a .*: to the other one$'), '') <> '')::int
FROM audit_immutable.verify('first');
SELECT 1 / (on_record LIKE 'attached: s.a %' AND on_record NOT LIKE '%detached%')::int FROM audit_immutable.verify('second') WHERE relation = 'second'::regclass;
SELECT 1 / (regexp_count(on_record, '^(attached: to s.first|detached: from s.first|attached: to s.second) ', 1, 'n') = 3)::int
FROM audit_immutable.verify('a');
