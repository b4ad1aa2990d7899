-- The database that is looked at.
SELECT pg_catalog.current_database()::text
