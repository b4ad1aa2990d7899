INSERT INTO audit_immutable.signed_checkpoint (incarnation, size, note)
VALUES ($1, $2, $3)
