#!/usr/bin/env bash
# A throw-away server that commits for real, and bench/run on it. Started by `make bench`.
# AUDIT_BENCH holds options of bench/run: AUDIT_BENCH="--quick --only copy" make bench
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../tools/cluster.sh"

cluster_start --set 'fsync = on' --set 'shared_buffers = 512MB' --set 'max_wal_size = 4GB' \
    --set 'min_wal_size = 2GB' --set 'checkpoint_timeout = 30min' --set 'max_connections = 100'
# shellcheck disable=SC2086  # several options in one variable
python3 "$here/run" ${AUDIT_BENCH:-} "$@" || {
    status=$?
    pg_isready --quiet || tail -n 20 "$CLUSTER_DIR/server.log" >&2     # it should still be there
    exit "$status"
}
