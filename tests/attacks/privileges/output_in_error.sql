-- What an auditor asks of somebody else's table is planned and read as that table's owner or not at all: the functions
-- of its indexes, of its columns' types and its casts do not run as the auditor.
-- role: attacker
-- says: done
-- verify: intact
CREATE TYPE m.mood AS ENUM ('calm', 'angry');
CREATE FUNCTION m.as_json(v m.mood) RETURNS json LANGUAGE plpgsql AS $$ BEGIN PERFORM m.note('cast'); RETURN '1'; END $$;
CREATE CAST (m.mood AS json) WITH FUNCTION m.as_json(m.mood) AS IMPLICIT;
CREATE FUNCTION m.quiet(n int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM m.note('check'); RETURN n; END $$;
CREATE DOMAIN m.checked AS int CHECK (m.quiet(VALUE) > 0);
CREATE TABLE m.typed (e m.mood, d m.checked, g int GENERATED ALWAYS AS (m.quiet(1)) STORED) USING audit_immutable;
INSERT INTO m.typed VALUES ('angry', 1);
CREATE STATISTICS m.more ON (m.quiet(1) + d), e FROM m.typed;
GRANT USAGE ON SCHEMA m TO auditor;
GRANT SELECT ON m.typed TO auditor;
\connect - auditor
SELECT 1 / intact::int FROM audit_immutable.verify('m.typed');
SELECT count(*) FROM audit_immutable.findings('m.typed');
SELECT count(*) FROM audit_immutable.export('m.typed');
SELECT audit_immutable.line('m.typed', 1, 1), audit_immutable.heads('m.typed');
SELECT count(*) FROM audit_immutable.status;
