-- Two sessions drop the two indexes of a log's chains, each while the other's is still there.
-- role: attacker
-- says: 42501
-- verify: intact
CREATE INDEX second ON m.mine USING audit_chain (audit_chain, audit_seq);
SELECT dblink_connect_u('holder', 'user=attacker dbname=' || current_database());
SELECT dblink_connect_u('other', 'user=attacker dbname=' || current_database());
SELECT dblink_exec('holder', 'BEGIN; LOCK TABLE m.mine IN ACCESS SHARE MODE');
SELECT dblink_send_query('other', 'DROP INDEX CONCURRENTLY m.second');
SELECT pg_sleep(0.3);
SELECT dblink_send_query('holder', 'SELECT pg_sleep(1); COMMIT');
DROP INDEX CONCURRENTLY m.mine_audit_chain_audit_seq_idx;
SELECT * FROM dblink_get_result('other') AS t (said text);
INSERT INTO m.mine VALUES (2, 'behind them');
