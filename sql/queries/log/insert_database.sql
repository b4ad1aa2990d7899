INSERT INTO audit_immutable.database (id) VALUES ($1)
