-- Does a line of pg_ident.conf stand for every user there is, or cannot be read?
SELECT CASE WHEN m.error IS NULL THEN 'high' ELSE 'medium' END,
       'pg_ident.conf line ' || m.line_number,
       coalesce(m.error, pg_catalog.concat_ws(' ', m.map_name, m.sys_name, m.pg_username)),
       CASE WHEN m.error IS NULL THEN 'whoever the client says he is becomes that role' ELSE 'the line cannot be read' END,
       'pg_ident.conf line ' || m.line_number || ': #'
FROM pg_catalog.pg_ident_file_mappings AS m
WHERE m.error IS NOT NULL OR m.sys_name ~ '^/\^?\(?\.[*+]\)?\$?$'
