-- A superuser brings a stamped row into audit_immutable.column_list, as a restore does, though rows have been stamped in
-- this database long since: the table is empty, as in most databases. It says that s.a's columns changed behind row 3,
-- and verify finds row 4 modified for ever, though nobody changed it.
-- role: postgres
-- says: 55000
-- verify: intact
DO $$
DECLARE
    opening text := (SELECT line FROM audit_immutable.export('audit_immutable.column_list') AS line LIMIT 1);
    prev text := encode(sha256(convert_to(opening, 'UTF8')), 'hex');
    its uuid := (SELECT log FROM audit_immutable.log WHERE relation = 's.a'::regclass);
    columns text := (SELECT substring(line from '"columns":(\[.*\]\])') FROM audit_immutable.opening WHERE log = its);
    line text;
BEGIN
    line := format('{"chain":1,"seq":1,"prev":"%s","at":"2026-11-20T13:50:47+00:00","session":17,"row":{"log":"%s","number":2,"columns":%s,"heads":"1:3"}}',
        prev, its, to_json(columns));
    INSERT INTO audit_immutable.column_list (log, number, columns, heads, audit_chain, audit_seq, audit_at, audit_session, audit_hash)
        VALUES (its, 2, columns, '1:3', 1, 1, '2026-11-20T13:50:47+00:00', 17, sha256(convert_to(line, 'UTF8')));
END $$;
