#!/usr/bin/env bash
# How many instructions the server executes for a row, and in which functions: what a noisy machine cannot change.
#
#   tools/run.sh bench/instructions.sh [PEER[,PEER...]]     default: plain,ours,same_width,no_index
#
# Needs valgrind, whose processor has no SHA extensions: hashing counts for more than it takes on one that has.
# AUDIT_PRELOAD=1 preloads the library; AUDIT_FUNCTIONS=N prints that many functions of each.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../tools/cluster.sh"

command -v valgrind >/dev/null || { echo "there is no valgrind" >&2; exit 1; }
cluster_start --set 'autovacuum = off' --set 'shared_buffers = 128MB' --set 'max_wal_size = 4GB' \
    --set 'checkpoint_timeout = 1h' ${AUDIT_PRELOAD:+--preload audit_immutable}
cd "$here" && python3 -B -m lib.instructions "$@"
