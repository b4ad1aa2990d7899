INSERT INTO audit_immutable.opening (log, line) VALUES ($1, $2)
