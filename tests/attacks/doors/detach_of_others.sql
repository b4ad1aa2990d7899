-- Whoever owns the leaf alone takes it out of somebody else's tree, or the owner of the tree takes out somebody else's log;
-- who owns neither holds up both by the locks that detach takes.
-- role: app_owner
-- says: 42501 / 42501 / 42501
-- verify: intact
CREATE TABLE s.root (k int, v text) PARTITION BY LIST (k);
CREATE TABLE s.leaf PARTITION OF s.root FOR VALUES IN (1) USING audit_immutable;
CREATE TABLE s.theirs PARTITION OF s.root FOR VALUES IN (2) USING audit_immutable;
INSERT INTO s.root VALUES (1, 'a'), (2, 'b');
GRANT ALL ON SCHEMA s TO app_rw, attacker;
\connect - postgres
ALTER TABLE s.theirs OWNER TO app_rw;
\connect - app_owner
SELECT audit_immutable.detach('s.theirs', 'it is in my tree');
SELECT dblink_connect_u('owner', 'user=app_owner dbname=' || current_database());
SELECT dblink_exec('owner', 'BEGIN; LOCK s.root IN SHARE UPDATE EXCLUSIVE MODE');
\connect - app_rw
SET lock_timeout = '2s';
SELECT audit_immutable.detach('s.theirs', 'it is mine');
\connect - attacker
SET lock_timeout = '2s';
SELECT audit_immutable.detach('s.leaf', 'to lock it');
