-- Rows that ON CONFLICT takes back after they were stored and indexed, and others in their places, with a limit of one chain.
-- role: attacker
-- says: done
-- verify: intact
CREATE TABLE m.log (id int, note text) USING heap;
SELECT audit_immutable.protect('m.log', chains => 1) IS NOT NULL;
CREATE FUNCTION m.clash(i int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$
BEGIN
    RETURN i % 7;
END $$;
ALTER TABLE m.log ADD EXCLUDE USING btree ((m.clash(id)) WITH =) WHERE (id < 0);
CREATE UNIQUE INDEX ON m.log (id);
INSERT INTO m.log SELECT n % 50, repeat('x', 300) FROM generate_series(1, 100) AS n ON CONFLICT DO NOTHING;
INSERT INTO m.log SELECT -n, repeat('x', 300) FROM generate_series(1, 100) AS n ON CONFLICT DO NOTHING;
SELECT dblink_connect_u('other', 'user=attacker dbname=' || current_database());
SELECT dblink_send_query('other', 'INSERT INTO m.log SELECT n, repeat(''y'', 200) FROM generate_series(100, 600) AS n ON CONFLICT DO NOTHING');
INSERT INTO m.log SELECT n, repeat('x', 300) FROM generate_series(100, 600) AS n ON CONFLICT DO NOTHING;
SELECT * FROM dblink_get_result('other') AS t(said text);
SELECT 1 / (count(*) = max(audit_seq))::int FROM m.log;
