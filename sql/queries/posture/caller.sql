-- The caller, as SQL writes him.
SELECT pg_catalog.quote_ident(current_user)
