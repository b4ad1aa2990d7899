-- An owner calls acknowledge in a loop: each call leaves the table's whole description in a log that nobody can shrink.
-- role: app_owner
-- says: done
-- verify: intact
SET client_min_messages = warning;
SELECT count(audit_immutable.acknowledge('s.a', 'once more ' || i)) FROM generate_series(1, 500) AS i;
\connect - postgres
SELECT 1 / (count(*) = 0)::int AS nothing_written FROM audit_immutable.event WHERE kind = 'acknowledge';
