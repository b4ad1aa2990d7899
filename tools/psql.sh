#!/usr/bin/env bash
# A throw-away server with the extension, and psql on it. Start it by `make psql`.
. "$(dirname "$0")/cluster.sh"

# shellcheck disable=SC2119  # our arguments are for psql
cluster_start
cluster_psql -c 'CREATE EXTENSION audit_immutable'
psql -X "$@"
