-- A value that comes in, and whose line no function can hand out: nobody can export the log any more.
-- role: app_rw
-- says: 54000
-- verify: intact
INSERT INTO s.a (actor) VALUES (repeat(chr(1), 190000000));
