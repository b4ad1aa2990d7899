INSERT INTO audit_immutable.column_list (log, number, columns, heads) VALUES ($1, $2, $3, $4)
