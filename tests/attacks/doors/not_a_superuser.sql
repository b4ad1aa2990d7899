-- Stamped rows for an own table from a role that is no superuser: it has no right to the table, whatever the database's
-- state is.
-- role: app_owner
-- says: 42501
-- verify: intact
INSERT INTO audit_immutable.session (id, audit_chain, audit_seq, audit_at, audit_session, audit_hash)
    VALUES (1, 9, 1, now(), 1, sha256('forged'));
