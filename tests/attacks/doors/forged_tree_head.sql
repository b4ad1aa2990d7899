-- A forged head of the Merkle tree, so that no checkpoint can follow it, or one follows what the attacker computed.
-- role: postgres
-- says: 55000 / 55000 / 55000
-- verify: intact
INSERT INTO s.a (actor) VALUES ('the database is live');
INSERT INTO audit_immutable.tree_head (incarnation, size, root, audit_chain, audit_seq, audit_at, audit_session, audit_hash)
    VALUES (1, 1000, sha256('root'), 7, 1, now(), 0, sha256('forged'));
INSERT INTO audit_immutable.signed_checkpoint (incarnation, size, note, audit_chain, audit_seq, audit_at, audit_session, audit_hash)
    VALUES (1, 1000, 'note', 7, 1, now(), 0, sha256('forged'));
INSERT INTO audit_immutable.incarnation (id, number, tree, origin, database, database_oid, system_identifier, timeline, resumed, role, audit_chain, audit_seq, audit_at, audit_session, audit_hash)
    VALUES (9, 9, gen_random_uuid(), 'db/x/9', 'x', 1, 1, 1, false, 'x', 7, 1, now(), 0, sha256('forged'));
