-- Where the server listens, for crates/network to judge.
SELECT s.setting FROM pg_catalog.pg_settings AS s WHERE s.name = 'listen_addresses'
