INSERT INTO audit_immutable.live (restored) VALUES ($1)
