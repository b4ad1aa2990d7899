-- The owner of a type renames it, and a label of it, while a log gets a column of it in a transaction that nobody sees
-- yet: the rows are wrong for ever.
-- role: attacker
-- says: 55P03 / 55P03 / 42501 / 42501
-- verify: intact
CREATE TYPE m.mood AS ENUM ('x', 'y');
SELECT dblink_connect_u('owner', 'user=app_owner dbname=' || current_database());
SELECT dblink_exec('owner', 'BEGIN; ALTER TABLE s.a ADD COLUMN mood m.mood[]');
SELECT dblink_exec('owner', 'INSERT INTO s.a (actor, mood) VALUES (''eleven'', ARRAY[''x''::m.mood])');
SET lock_timeout = '1s';
ALTER TYPE m.mood RENAME VALUE 'x' TO 'innocent';
ALTER TYPE m.mood RENAME TO mood2;
RESET lock_timeout;
SELECT dblink_exec('owner', 'COMMIT');
ALTER TYPE m.mood RENAME VALUE 'x' TO 'innocent';
ALTER TYPE m.mood RENAME TO mood2;
