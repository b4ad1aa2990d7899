-- Numbers of two stored bytes that print 131,068 digits: 20 kB stored, 390 MB in a line; in a jsonb the same.
-- role: app_owner
-- says: 54000 / 54000
-- verify: intact
CREATE TABLE s.numbers (v numeric[]) USING audit_immutable;
INSERT INTO s.numbers SELECT array_agg(1e131067::numeric) FROM generate_series(1, 3000);
INSERT INTO s.a (details) SELECT jsonb_agg(1e131067::numeric) FROM generate_series(1, 3000);
