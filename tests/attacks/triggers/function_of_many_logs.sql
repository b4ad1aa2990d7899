-- The attacker has triggers on logs of its own that call a function of somebody else's, and holds those logs: whoever
-- owns the function shall not be able to replace it.
-- role: attacker
-- says: done
-- verify: intact
\connect - app_owner
CREATE FUNCTION s.shared() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
GRANT USAGE ON SCHEMA s TO attacker;
\connect - attacker
CREATE TRIGGER theirs BEFORE INSERT ON m.mine FOR EACH ROW EXECUTE FUNCTION s.shared();
SELECT dblink_connect_u('holder', format('dbname=%s user=attacker', current_database()));
SELECT dblink_exec('holder', 'BEGIN; ALTER TABLE m.mine ADD COLUMN more text');
SELECT dblink_connect_u('other', format('dbname=%s user=app_owner', current_database()));
SELECT dblink_exec('other', $$SET lock_timeout = '1s'$$);
SELECT dblink_exec('other', $$CREATE OR REPLACE FUNCTION s.shared() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.id = 1; RETURN NEW; END'$$);
SELECT dblink_disconnect('holder');
