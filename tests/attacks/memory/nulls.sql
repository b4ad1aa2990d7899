-- NULLs take a bit on disk and five bytes in a line.
-- role: app_owner
-- says: 54000
-- verify: intact
CREATE TABLE s.nulls (v int[]) USING audit_immutable;
INSERT INTO s.nulls VALUES (array_fill(NULL::int, ARRAY[100000000]));
