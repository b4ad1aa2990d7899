-- A log that ended as one that never had a row gets rows after all: a superuser arms a table of rows that he made up with
-- the identifier of the log that was dropped, or reshaped.
-- role: postgres
-- says: 42501 / 42501
-- verify: intact
CREATE TABLE s.new (id int, v text) USING audit_immutable;
SELECT pg_get_triggerdef(oid) AS guard FROM pg_trigger WHERE tgrelid = 's.new'::regclass AND tgname = 'audit_immutable_guard' \gset
SELECT pg_get_triggerdef(oid) AS guard_row FROM pg_trigger WHERE tgrelid = 's.new'::regclass AND tgname = 'audit_immutable_guard_row' \gset
DROP TABLE s.new;
BEGIN;
CREATE TABLE s.new (id int, v text, audit_chain int, audit_seq bigint, audit_at timestamptz, audit_session bigint, audit_hash bytea) USING audit_immutable;
INSERT INTO s.new VALUES (1, 'made up', 1, 1, '2020-01-01', 0, decode(repeat('ab', 32), 'hex'));
CREATE INDEX ON s.new USING audit_chain (audit_chain, audit_seq);
:guard;
:guard_row;
ROLLBACK;
CREATE TABLE s.new (id int, v text) USING audit_immutable;
SELECT pg_get_triggerdef(oid) AS guard FROM pg_trigger WHERE tgrelid = 's.new'::regclass AND tgname = 'audit_immutable_guard' \gset
SELECT pg_get_triggerdef(oid) AS guard_row FROM pg_trigger WHERE tgrelid = 's.new'::regclass AND tgname = 'audit_immutable_guard_row' \gset
ALTER TABLE s.new RENAME TO renamed;
BEGIN;
CREATE TABLE s.new (id int, v text, audit_chain int, audit_seq bigint, audit_at timestamptz, audit_session bigint, audit_hash bytea) USING audit_immutable;
CREATE INDEX ON s.new USING audit_chain (audit_chain, audit_seq);
:guard;
:guard_row;
ROLLBACK;
