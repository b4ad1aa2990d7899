-- A table that lists the stamps and never gets its guards, as a restore leaves that did not come to its end: its rows look
-- like those of a log. Somebody else drops it, takes its rows for a log's, or ends what stops it being dropped.
-- role: app_owner
-- says: 42501 / 42501
-- verify: intact
CREATE TABLE s.half (id int, audit_chain int, audit_seq bigint, audit_at timestamptz, audit_session bigint, audit_hash bytea) USING audit_immutable;
INSERT INTO s.half VALUES (1, 1, 1, now(), 1, decode(repeat('ab', 32), 'hex'));
DELETE FROM s.half;
UPDATE s.half SET id = 2;
DROP TABLE s.half;
