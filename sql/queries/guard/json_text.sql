-- A text as JSON has it.
SELECT pg_catalog.to_json($1::pg_catalog.text)::pg_catalog.text
