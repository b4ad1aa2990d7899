CREATE EXTENSION audit_immutable;
