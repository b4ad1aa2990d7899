-- A writer has had its first row rolled back to a savepoint, and so holds no lock any more; its transaction goes on. The
-- table is emptied of that by VACUUM and REINDEX, gets another name, and with it another log: what the writer remembers is
-- of the first.
-- role: app_owner
-- says: done
-- verify: intact
CREATE TABLE s.new (id int, v text) USING audit_immutable;
SELECT dblink_connect_u('writes', 'user=app_owner dbname=' || current_database());
SELECT dblink_exec('writes', 'PREPARE w AS INSERT INTO s.new VALUES ($1, $2)');
SELECT dblink_exec('writes', 'BEGIN; SAVEPOINT a');
SELECT dblink_exec('writes', 'EXECUTE w (1, ''one'')');
SELECT dblink_exec('writes', 'ROLLBACK TO a');
VACUUM s.new;
REINDEX TABLE s.new;
ALTER TABLE s.new RENAME TO newer;
ALTER TABLE s.newer ADD COLUMN w int DEFAULT 7;
CREATE TABLE s.new (id int, v text) USING audit_immutable;
SELECT dblink_exec('writes', 'EXECUTE w (1, ''one''); INSERT INTO s.newer VALUES (1, ''one''); EXECUTE w (2, ''two'')');
SELECT dblink_exec('writes', 'COMMIT');
INSERT INTO s.newer VALUES (2, 'two');
SELECT 1 / (sum(rows) = 4)::int FROM (SELECT (audit_immutable.verify(t)).rows FROM unnest('{s.new, s.newer}'::regclass[]) AS t) AS v;
\connect - postgres
SELECT 1 / (count(*) = 2)::int FROM audit_immutable.event WHERE kind = 'reopened';
