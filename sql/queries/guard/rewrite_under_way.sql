-- The table that is about to be rewritten, and why, as bits.
SELECT
    pg_catalog.pg_event_trigger_table_rewrite_oid(),
    pg_catalog.pg_event_trigger_table_rewrite_reason()
