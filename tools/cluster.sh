# shellcheck shell=bash
# Throw-away PostgreSQL servers. Sourced by scripts that tools/run.sh starts.
#
#   cluster_start [--preload LIBRARIES] [--conf FILE] [--set 'name = value']... [--loopback]
#   cluster_psql [ARGUMENT...]    psql that stops at the first error
#   cluster_stop                  stop, keep the data (then: cluster_restart)
#   cluster_remove                stop and remove; done on exit anyway
#
# The server is the harness's (tests/harness/cluster.py). CLUSTER_DIR is its directory, with data/ and server.log;
# PGHOST, PGPORT, PGUSER and PGDATABASE are exported, so any client finds it.

set -euo pipefail

CLUSTER_DIR=

cluster_start() {
    local address
    [ -z "$CLUSTER_DIR" ] || cluster_remove
    CLUSTER_DIR=$(mktemp -d /tmp/audit_cluster.XXXXXX)
    trap cluster_remove EXIT
    # Bash runs these when the command at hand has ended, and then the EXIT trap.
    trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM
    address=$(python3 -m harness create "$CLUSTER_DIR" "$@")
    eval "$address"
}

cluster_psql()    { psql -X -q -v ON_ERROR_STOP=1 -P pager=off "$@"; }
cluster_stop()    { python3 -m harness stop "$CLUSTER_DIR"; }
cluster_restart() { python3 -m harness start "$CLUSTER_DIR"; }

cluster_remove() {
    [ -n "$CLUSTER_DIR" ] || return 0
    python3 -m harness remove "$CLUSTER_DIR"
    CLUSTER_DIR=
}
