-- The owner of a log changes a column's type over and over: what its columns ever were is kept by each session that works
-- with the log, the superuser's checkpoint worker too, and grows without an end.
-- role: attacker
-- says: 54000 / 54000
-- verify: intact
CREATE TABLE m.log (v varchar(1)) USING audit_immutable;
INSERT INTO m.log VALUES ('1');
DO $$ BEGIN
    FOR i IN 2 .. 1001 LOOP
        EXECUTE format('ALTER TABLE m.log ALTER v TYPE varchar(%s)', i);
        COMMIT;
    END LOOP;
END $$;
ALTER TABLE m.log ALTER v TYPE varchar(1002);
INSERT INTO m.log VALUES ('2');
ALTER TABLE m.log ADD COLUMN one int;
ALTER TABLE m.log ALTER v SET DEFAULT 'x', ALTER v SET NOT NULL;
INSERT INTO m.log DEFAULT VALUES;
\connect - postgres
SELECT 1 / (count(*) BETWEEN 999 AND 1000)::int FROM audit_immutable.column_list;
