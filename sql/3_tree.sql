-- The Merkle tree over all rows of all logs, and what was signed of it. Audit tables of the extension's
-- own, as in logs.sql; their rows are no leaves themselves: the signed root commits to them.

CREATE TABLE audit_immutable.incarnation (
    id int NOT NULL,
    number int NOT NULL,
    tree uuid NOT NULL,
    origin text NOT NULL,
    database text NOT NULL,
    database_oid bigint NOT NULL,
    system_identifier bigint NOT NULL,
    timeline int NOT NULL,
    resumed boolean NOT NULL,
    known_size bigint,
    known_root bytea,
    known_note text,
    role text NOT NULL,
    reason text
) USING audit_immutable;
SELECT audit_immutable.open_own_log('audit_immutable.incarnation');
CREATE UNIQUE INDEX incarnation_id_idx ON audit_immutable.incarnation (id);
COMMENT ON TABLE audit_immutable.incarnation IS
    'the Merkle tree of this database, and each beginning anew: after a restore that lost rows, under a new origin; and where a copy goes on with a tree, resumed';
COMMENT ON COLUMN audit_immutable.incarnation.number IS 'the incarnation, from 1; part of the origin of its checkpoints';
COMMENT ON COLUMN audit_immutable.incarnation.tree IS 'identifier of the database''s tree, given once';
COMMENT ON COLUMN audit_immutable.incarnation.origin IS 'first line of its checkpoints';
COMMENT ON COLUMN audit_immutable.incarnation.resumed IS 'whether the server took up the same incarnation in another place (after a failover, an upgrade) rather than begin a new one';
COMMENT ON COLUMN audit_immutable.incarnation.known_size IS 'tree size of the last checkpoint known of the incarnation before; leaf 0 commits to it';
COMMENT ON COLUMN audit_immutable.incarnation.known_root IS 'root hash of that checkpoint';
COMMENT ON COLUMN audit_immutable.incarnation.known_note IS 'the note it was known by';

CREATE TABLE audit_immutable.tree_hashes (
    incarnation int NOT NULL,
    level int NOT NULL,
    first bigint NOT NULL,
    hashes bytea NOT NULL
) USING audit_immutable;
SELECT audit_immutable.open_own_log('audit_immutable.tree_hashes');
ALTER TABLE audit_immutable.tree_hashes ALTER COLUMN hashes SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX tree_hashes_idx ON audit_immutable.tree_hashes (incarnation, level, first);
COMMENT ON TABLE audit_immutable.tree_hashes IS
    'the hashes of the Merkle tree, level by level (c2sp.org/tlog-tiles): tile n of a level is its hashes from 256 n on';
COMMENT ON COLUMN audit_immutable.tree_hashes.level IS '0: leaf hashes; each hash of level n + 1 is the root of 256 of level n';
COMMENT ON COLUMN audit_immutable.tree_hashes.first IS 'index of the first hash within its level, from 0; the others follow';
COMMENT ON COLUMN audit_immutable.tree_hashes.hashes IS '32 bytes each';

CREATE TABLE audit_immutable.leaf_range (
    incarnation int NOT NULL,
    first_leaf bigint NOT NULL,
    log uuid NOT NULL,
    chain int NOT NULL,
    first_seq bigint NOT NULL,
    last_seq bigint NOT NULL
) USING audit_immutable;
SELECT audit_immutable.open_own_log('audit_immutable.leaf_range');
CREATE UNIQUE INDEX leaf_range_first_leaf_idx ON audit_immutable.leaf_range (incarnation, first_leaf);
CREATE UNIQUE INDEX leaf_range_log_idx ON audit_immutable.leaf_range (log, chain, incarnation, first_seq);
COMMENT ON TABLE audit_immutable.leaf_range IS
    'which rows are which leaves of the Merkle tree';
COMMENT ON COLUMN audit_immutable.leaf_range.first_leaf IS 'index of the leaf of row first_seq, from 0; the others follow';

CREATE TABLE audit_immutable.tree_head (
    incarnation int NOT NULL,
    size bigint NOT NULL,
    root bytea NOT NULL
) USING audit_immutable;
SELECT audit_immutable.open_own_log('audit_immutable.tree_head');
CREATE UNIQUE INDEX tree_head_size_idx ON audit_immutable.tree_head (incarnation, size);
COMMENT ON TABLE audit_immutable.tree_head IS
    'the sizes the Merkle tree has had, with its root hash at each; signed once they are committed';

CREATE TABLE audit_immutable.signed_checkpoint (
    incarnation int NOT NULL,
    size bigint NOT NULL,
    note text NOT NULL
) USING audit_immutable;
SELECT audit_immutable.open_own_log('audit_immutable.signed_checkpoint');
CREATE UNIQUE INDEX signed_checkpoint_size_idx ON audit_immutable.signed_checkpoint (incarnation, size);
COMMENT ON TABLE audit_immutable.signed_checkpoint IS
    'the checkpoints (c2sp.org/tlog-checkpoint) that were signed';
COMMENT ON COLUMN audit_immutable.signed_checkpoint.note IS 'the signed note';

DROP FUNCTION audit_immutable.open_own_log(regclass);

SELECT pg_catalog.pg_extension_config_dump('audit_immutable.incarnation', '');
SELECT pg_catalog.pg_extension_config_dump('audit_immutable.tree_hashes', '');
SELECT pg_catalog.pg_extension_config_dump('audit_immutable.leaf_range', '');
SELECT pg_catalog.pg_extension_config_dump('audit_immutable.tree_head', '');
SELECT pg_catalog.pg_extension_config_dump('audit_immutable.signed_checkpoint', '');

CREATE FUNCTION audit_immutable.checkpoint() RETURNS text
    LANGUAGE c PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'checkpoint_wrapper';
COMMENT ON FUNCTION audit_immutable.checkpoint() IS
    'takes every row committed by now into the Merkle tree and signs its size and root hash: a checkpoint (c2sp.org/tlog-checkpoint). It is made in transactions of its own, so the caller''s rollback does not take it back';

CREATE FUNCTION audit_immutable.latest_checkpoint() RETURNS text
    LANGUAGE c PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'latest_checkpoint_wrapper';
COMMENT ON FUNCTION audit_immutable.latest_checkpoint() IS 'the last checkpoint that was signed; NULL before the first one';

CREATE FUNCTION audit_immutable.check_note(note text)
    RETURNS TABLE (verdict text, relation text, chain int, first_seq bigint, last_seq bigint, detail text)
    LANGUAGE c STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'check_note_wrapper';
COMMENT ON FUNCTION audit_immutable.check_note(text) IS
    'whether this database still contains everything that a checkpoint of it said: contained, or what differs: truncated, rewritten, behind (an older state was put back), forked, another_database, not_signed';

CREATE FUNCTION audit_immutable.receipt(relation regclass, chain int, seq bigint) RETURNS text
    LANGUAGE c STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'receipt_wrapper';
COMMENT ON FUNCTION audit_immutable.receipt(regclass, int, bigint) IS
    'a row with the proof that the last checkpoint commits to it (c2sp.org/tlog-proof), to check without this server';

CREATE FUNCTION audit_immutable.inclusion_proof(index bigint, size bigint, incarnation int DEFAULT NULL) RETURNS text
    LANGUAGE c PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'inclusion_proof_wrapper';
COMMENT ON FUNCTION audit_immutable.inclusion_proof(bigint, bigint, int) IS
    'the hashes that prove that a leaf is in the tree of a size (RFC 9162 2.1.3): base64, one a line; incarnation NULL: the current one';

CREATE FUNCTION audit_immutable.consistency_proof(old_size bigint, new_size bigint, incarnation int DEFAULT NULL) RETURNS text
    LANGUAGE c PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'consistency_proof_wrapper';
COMMENT ON FUNCTION audit_immutable.consistency_proof(bigint, bigint, int) IS
    'the hashes that prove that the tree of a size only grew into that of a later size (RFC 9162 2.1.4): base64, one a line; incarnation NULL: the current one';

CREATE FUNCTION audit_immutable.tile(level int, index bigint, width int DEFAULT NULL, incarnation int DEFAULT NULL) RETURNS bytea
    LANGUAGE c PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'tile_wrapper';
COMMENT ON FUNCTION audit_immutable.tile(int, bigint, int, int) IS
    'the hashes of a tile (c2sp.org/tlog-tiles), 32 bytes each; width: how many, NULL for all there are; NULL when there are not as many';

CREATE FUNCTION audit_immutable.entries(index bigint, width int DEFAULT NULL, incarnation int DEFAULT NULL) RETURNS bytea
    LANGUAGE c PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'entries_wrapper';
COMMENT ON FUNCTION audit_immutable.entries(bigint, int, int) IS
    'the leaf entries of a tile of level 0, as c2sp.org/tlog-tiles bundles them; NULL when there are not as many, or their rows are not here any more';

CREATE FUNCTION audit_immutable.begin_incarnation(reason text DEFAULT NULL, last_note text DEFAULT NULL) RETURNS text
    LANGUAGE c PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'begin_incarnation_wrapper';
COMMENT ON FUNCTION audit_immutable.begin_incarnation(text, text) IS
    'says that checkpoints are signed here from now on, after a failover, a restore or an upgrade; last_note is the newest checkpoint that anybody outside holds. resumed: everything it commits to is here, and the incarnation goes on; begun: rows are lost, and a new incarnation begins that commits to the note';

-- Who may make evidence, and who may read it: hashes, no rows.
REVOKE EXECUTE ON FUNCTION audit_immutable.checkpoint(), audit_immutable.begin_incarnation(text, text),
    audit_immutable.latest_checkpoint(), audit_immutable.check_note(text),
    audit_immutable.inclusion_proof(bigint, bigint, int), audit_immutable.consistency_proof(bigint, bigint, int),
    audit_immutable.tile(int, bigint, int, int), audit_immutable.entries(bigint, int, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_immutable.latest_checkpoint(), audit_immutable.check_note(text),
    audit_immutable.inclusion_proof(bigint, bigint, int), audit_immutable.consistency_proof(bigint, bigint, int),
    audit_immutable.tile(int, bigint, int, int), audit_immutable.entries(bigint, int, int) TO pg_monitor;
