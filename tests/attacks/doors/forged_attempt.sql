-- A superuser writes an attempt of somebody else's into the empty table of a database in use, with the right stamps and
-- hash, as a restore would: whoever reads it blames the wrong one.
-- role: postgres
-- says: 55000 / 55000
-- verify: intact
\set line '{"chain":1,"seq":1,"prev":"'
SELECT encode(sha256(convert_to(audit_immutable.opening_line('audit_immutable.attempt'), 'UTF8')), 'hex') AS prev \gset
SELECT sha256(convert_to(:'line' || :'prev'
    || '","at":"2026-01-01T00:00:00.000000+00:00","session":1,"row":{"message":"alice tried to delete"}}', 'UTF8')) AS hash \gset
INSERT INTO audit_immutable.attempt (message, audit_chain, audit_seq, audit_at, audit_session, audit_hash)
    VALUES ('alice tried to delete', 1, 1, '2026-01-01 00:00:00+00', 1, :'hash');
BEGIN;
SAVEPOINT s;
INSERT INTO audit_immutable.attempt (message, audit_chain, audit_seq, audit_at, audit_session, audit_hash)
    VALUES ('alice tried to delete', 1, 1, '2026-01-01 00:00:00+00', 1, :'hash');
ROLLBACK TO s;
COMMIT;
