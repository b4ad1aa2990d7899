-- Two detach one leaf, and a third retires it, while somebody reads the root: each waits for the other, and one ends by a
-- deadlock, or what was retired meanwhile leaves as a log.
-- role: app_owner
-- says: 42809 / 42809
-- verify: intact
CREATE TABLE s.root (k int, v text) PARTITION BY LIST (k);
CREATE TABLE s.leaf PARTITION OF s.root FOR VALUES IN (1) USING audit_immutable;
CREATE TABLE s.retired PARTITION OF s.root FOR VALUES IN (2) USING audit_immutable;
INSERT INTO s.root VALUES (1, 'one'), (2, 'two');
SELECT dblink_connect_u(name, 'user=app_owner dbname=' || current_database()) FROM unnest('{reads,one,two,three}'::text[]) AS name;
SELECT dblink_exec('reads', 'BEGIN; LOCK TABLE ONLY s.root IN ACCESS SHARE MODE');
SELECT dblink_send_query('one', 'SELECT audit_immutable.detach(''s.leaf'', ''once'')::text');
SELECT pg_sleep(0.3);
SELECT dblink_send_query('two', 'SELECT audit_immutable.detach(''s.leaf'', ''twice'')::text');
SELECT dblink_send_query('three', 'SELECT audit_immutable.detach(''s.retired'', ''too late'')::text');
SELECT pg_sleep(0.3);
SELECT audit_immutable.retire('s.retired', 'before that');
SELECT dblink_exec('reads', 'COMMIT');
SELECT * FROM dblink_get_result('one') AS answer (it text);
SELECT * FROM dblink_get_result('two') AS answer (it text);
SELECT * FROM dblink_get_result('three') AS answer (it text);
