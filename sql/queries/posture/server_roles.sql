-- Who is a member of a role that reads or writes the server's files, runs programs there, or writes every table?
SELECT DISTINCT CASE g.rolname WHEN 'pg_write_all_data' THEN 'medium' ELSE 'high' END,
       r.rolname::text, g.rolname::text,
       CASE g.rolname
           WHEN 'pg_write_all_data' THEN 'may add rows to every audit table'
           WHEN 'pg_read_server_files' THEN 'may read every file of the server, and with it rows and keys'
           ELSE 'may change files of the server, and with them rows'
       END,
       pg_catalog.format('REVOKE %I FROM %I', g.rolname, r.rolname)
FROM pg_catalog.pg_auth_members AS m
JOIN pg_catalog.pg_roles AS g ON g.oid = m.roleid
JOIN pg_catalog.pg_roles AS r ON r.oid = m.member
WHERE g.rolname IN ('pg_write_all_data', 'pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program')
      AND NOT r.rolsuper
