-- Types of which PostgreSQL says that the bytes are the same, so that it rewrites nothing, and that print otherwise.
-- role: app_owner
-- says: 42501 / 42501 / 42501
-- verify: intact
CREATE TABLE s.t (id int, a text, b varbit, c timestamp(6), d interval, e numeric, f bpchar, g name, h varchar(9)) USING audit_immutable;
INSERT INTO s.t VALUES (1, 'padded   ', B'101', '2020-01-01 00:00:00.123456', '1 day 2.5 s', 1.500, 'padded  ', 'a name', 'padded   ');
INSERT INTO s.t VALUES (2, '', B'', 'infinity', '-1 mon', 'NaN', '', '', '');
ALTER TABLE s.t ALTER a TYPE bpchar;
ALTER TABLE s.t ALTER h TYPE bpchar;
ALTER TABLE s.t ALTER a TYPE varchar;
ALTER TABLE s.t ALTER f TYPE text;
ALTER TABLE s.t ALTER b TYPE bit varying(3);
ALTER TABLE s.t ALTER c TYPE timestamp(3);
ALTER TABLE s.t ALTER d TYPE interval(3);
ALTER TABLE s.t ALTER e TYPE numeric(10, 3);
ALTER TABLE s.t ALTER g TYPE text;
ALTER TABLE s.t ALTER g TYPE varchar COLLATE "C";
INSERT INTO s.t (id, a) VALUES (3, 'x ');
