-- The same, with the index that the extension made dropped: then the attacker's is the one that it looks for.
-- role: attacker
-- says: done
-- verify: intact
CREATE FUNCTION m.quiet(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    PERFORM m.note('index predicate');
    RETURN $1;
END $$;
CREATE UNIQUE INDEX evil ON m.mine (audit_chain, audit_seq) WHERE m.quiet(1) > 0;
CREATE INDEX good ON m.mine USING audit_chain (audit_chain, audit_seq);
DROP INDEX m.mine_audit_chain_audit_seq_idx;
INSERT INTO m.mine VALUES (2, 'bait');
SELECT pg_sleep(2);
\connect - postgres
SELECT count(*) FROM audit_immutable.verify();
SELECT audit_immutable.heads('m.mine');
SELECT audit_immutable.checkpoint() <> '';
