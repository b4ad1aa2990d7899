-- A role takes another's name, writes, and gives the name back: the name alone says nothing.
-- role: postgres
-- says: done
-- verify: intact
CREATE ROLE impostor LOGIN SUPERUSER;
\connect - impostor
ALTER ROLE app_rw RENAME TO app_rw_once;
SET SESSION AUTHORIZATION postgres;
ALTER ROLE impostor RENAME TO app_rw;
SET SESSION AUTHORIZATION app_rw;
INSERT INTO s.a (actor) VALUES ('an impostor');
SET SESSION AUTHORIZATION postgres;
ALTER ROLE app_rw RENAME TO impostor;
ALTER ROLE app_rw_once RENAME TO app_rw;
\connect - postgres
SELECT 1 / (count(*) = 1)::int FROM s.a AS a JOIN audit_immutable.session AS e ON e.id = a.audit_session
    WHERE actor = 'an impostor' AND e.session_user_name = 'app_rw' AND login_user_name = 'impostor'
      AND session_user_oid = 'impostor'::regrole::oid::bigint AND login_user_oid = session_user_oid;
DROP ROLE impostor;
