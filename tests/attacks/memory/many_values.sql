-- Eight values of 100 MB of control characters, a megabyte on disk: 5 GB in the row's line, and the server dies of it.
-- role: app_owner
-- says: 54000
-- verify: intact
CREATE TABLE s.wide (c1 text, c2 text, c3 text, c4 text, c5 text, c6 text, c7 text, c8 text) USING audit_immutable;
INSERT INTO s.wide SELECT v, v, v, v, v, v, v, v FROM (SELECT repeat(chr(1), 100000000)) AS x (v);
