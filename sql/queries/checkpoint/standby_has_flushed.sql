-- Whether the standby $1 has flushed the WAL up to $2.
SELECT EXISTS (
    SELECT FROM pg_catalog.pg_stat_replication
    WHERE application_name = $1 AND flush_lsn >= $2::pg_catalog.pg_lsn
)
