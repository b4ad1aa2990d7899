# shellcheck shell=bash
# Throw-away PostgreSQL servers. Sourced by scripts that tools/run.sh starts.
#
#   cluster_start [--encoding E] [--locale L] [--fsync on] [--preload LIBRARIES]
#                 [--conf FILE] [--set 'name = value']...
#   cluster_psql [ARGUMENT...]    psql that stops at the first error
#   cluster_stop                  stop, keep the data (then: cluster_restart)
#   cluster_remove                stop and remove; done on exit anyway
#
# A server has a directory and a socket of its own and listens to no network.
# PGHOST, PGPORT, PGUSER and PGDATABASE are exported, so any client finds it.

set -euo pipefail

CLUSTER_DIR=
CLUSTER_PID=

cluster_start() {
    local encoding=UTF8 locale=C fsync=off conf='' settings=()
    while [ $# -gt 0 ]; do
        case $1 in
            --encoding) encoding=$2 ;;
            --locale)   locale=$2 ;;
            --fsync)    fsync=$2 ;;
            --preload)  settings+=("shared_preload_libraries = '$2'") ;;
            --conf)     conf=$2 ;;
            --set)      settings+=("$2") ;;
            *) echo "cluster_start: unknown option $1" >&2; return 2 ;;
        esac
        shift 2
    done
    [ -z "$CLUSTER_DIR" ] || cluster_remove

    CLUSTER_DIR=$(mktemp -d /tmp/audit_cluster.XXXXXX)
    trap cluster_on_exit EXIT
    # Bash runs these when the command at hand has ended, and then the EXIT trap.
    trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM

    initdb --no-sync --auth=trust --username=postgres --encoding="$encoding" \
           --locale="$locale" -D "$CLUSTER_DIR/data" >"$CLUSTER_DIR/initdb.log" 2>&1 ||
        { cat "$CLUSTER_DIR/initdb.log" >&2; return 1; }
    {
        echo "listen_addresses = ''"
        echo "unix_socket_directories = '$CLUSTER_DIR'"
        echo "fsync = $fsync"
        echo "restart_after_crash = off"      # a crash shall be seen
        [ -z "$conf" ] || cat "$conf"
        [ ${#settings[@]} -eq 0 ] || printf '%s\n' "${settings[@]}"
    } >>"$CLUSTER_DIR/data/postgresql.conf"

    # The socket is private, so any port is free; an unusual one shows a client
    # that looks elsewhere.
    export PGHOST=$CLUSTER_DIR PGPORT=$((50000 + RANDOM % 10000))
    export PGUSER=postgres PGDATABASE=postgres
    cluster_restart
}

cluster_restart() {
    pg_ctl start --silent -w -D "$CLUSTER_DIR/data" -l "$CLUSTER_DIR/server.log" \
           -o "-p $PGPORT" || { cat "$CLUSTER_DIR/server.log" >&2; return 1; }
    CLUSTER_PID=$(head -n 1 "$CLUSTER_DIR/data/postmaster.pid")
}

cluster_psql() { psql -X -q -v ON_ERROR_STOP=1 -P pager=off "$@"; }

cluster_stop() {
    [ -n "$CLUSTER_PID" ] || return 0
    local pid=$CLUSTER_PID signal
    CLUSTER_PID=
    # Fast, then immediate, then by force: nothing is left running.
    for signal in INT QUIT KILL; do
        kill -s "$signal" "$pid" 2>/dev/null || return 0
        for _ in $(seq 150); do
            [ -e "/proc/$pid" ] && ! grep -qs '^State:.Z' "/proc/$pid/status" || return 0
            sleep 0.1
        done
        echo "server $pid ignores SIG$signal" >&2
    done
}

cluster_remove() {
    [ -n "$CLUSTER_DIR" ] || return 0
    # A start that was interrupted has a server, but told us no pid yet.
    if [ -z "$CLUSTER_PID" ] && [ -s "$CLUSTER_DIR/data/postmaster.pid" ]; then
        CLUSTER_PID=$(head -n 1 "$CLUSTER_DIR/data/postmaster.pid")
    fi
    cluster_stop
    if [ "${AUDIT_KEEP:-}" = 1 ]; then
        echo "kept $CLUSTER_DIR"
    else
        rm -rf "$CLUSTER_DIR"
    fi
    CLUSTER_DIR=
}

cluster_on_exit() {
    local status=$? log=$CLUSTER_DIR/server.log
    # After a failure the server's log matters only if the server came down.
    if [ "$status" -ne 0 ] && grep -qsE 'PANIC|terminated by signal|abnormal' "$log"; then
        tail -n 40 "$log" >&2
    fi
    cluster_remove
    exit "$status"
}
