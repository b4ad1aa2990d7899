-- retire builds its B-tree in the tablespace that the caller's default names, though the caller may not use it.
-- role: app_owner
-- says: 42501
-- verify: intact
-- may change: s.a
\connect - postgres
SET allow_in_place_tablespaces = on;
CREATE TABLESPACE kept LOCATION '';
\connect - app_owner
SET default_tablespace = 'kept';
CREATE TABLE s.refused (a int);
SELECT audit_immutable.retire('s.a', 'seven years are over');
RESET default_tablespace;
SELECT 1 / (reltablespace = 0)::int FROM pg_class WHERE oid = 's.a_audit_chain_audit_seq_idx'::regclass;
\connect - postgres
DROP TABLESPACE kept;
