-- A superuser writes a row that says it is another's: SET SESSION AUTHORIZATION makes him that role for every look.
-- role: postgres
-- says: done
-- verify: intact
SET SESSION AUTHORIZATION app_rw;
INSERT INTO s.a (actor) VALUES ('not app_rw');
RESET SESSION AUTHORIZATION;
-- The row of the session says who logged in. An error says that it does not.
SELECT 1 / (count(*) = 1)::int FROM s.a AS a JOIN audit_immutable.session AS e ON e.id = a.audit_session
    WHERE actor = 'not app_rw' AND e.session_user_name = 'app_rw' AND login_user_name = 'postgres'
      AND login_user_oid = 'postgres'::regrole::oid::bigint AND session_user_oid = 'app_rw'::regrole::oid::bigint;
