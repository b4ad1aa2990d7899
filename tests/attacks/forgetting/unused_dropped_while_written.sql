-- A log that never had a row may be dropped. While another session has written the first ones and not committed yet, it
-- looks as if there were none.
-- role: app_owner
-- says: 55P03 / 55P03 / 42501 / 42501 / 42501
-- verify: intact
CREATE TABLE s.new (id int, v text) USING audit_immutable;
SELECT dblink_connect_u('writer', 'user=app_owner dbname=' || current_database());
SELECT dblink_exec('writer', 'BEGIN; INSERT INTO s.new VALUES (1, ''first'')');
SET lock_timeout = '1s';
DROP TABLE s.new;
ALTER TABLE s.new RENAME TO newer;
ALTER TABLE s.new DROP COLUMN v;
SELECT dblink_exec('writer', 'COMMIT');
DROP TABLE s.new;
ALTER TABLE s.new DROP COLUMN v;
