#!/usr/bin/env bash
# The golden files with every backend under valgrind's memcheck: reads and writes outside of what was allocated, and
# decisions on memory that nobody wrote. Reports whose stack passes through the extension are printed and fail it.
#
#   tools/run.sh tests/regress/memcheck.sh
#
# PostgreSQL's own allocator gives its memory out of large blocks, so only what leaves such a block is seen there; what
# the extension allocates itself is seen to the byte. It takes some minutes.
. "$(dirname "$0")/../../tools/cluster.sh"
cd "$(dirname "$0")"

command -v valgrind >/dev/null || { echo "there is no valgrind" >&2; exit 1; }
cluster_start --conf postgresql.conf --set 'statement_timeout = 0'
createdb contrib_regression
cluster_stop
mkdir "$CLUSTER_DIR/memcheck"
valgrind --tool=memcheck --trace-children=no --error-limit=no --num-callers=40 --undef-value-errors=yes --log-file="$CLUSTER_DIR/memcheck/%p" \
    postgres -D "$CLUSTER_DIR/data" >>"$CLUSTER_DIR/server.log" 2>&1 &
until pg_isready --quiet; do sleep 1; done

"$(dirname "$(pg_config --pgxs)")/../test/regress/pg_regress" \
    --use-existing --host "$PGHOST" --port "$PGPORT" --user "$PGUSER" \
    --dbname contrib_regression --bindir "$(pg_config --bindir)" \
    --inputdir . --outputdir . --schedule schedule >log 2>&1 || true
cat log
cluster_stop
wait

# A report is what stands between two lines that say nothing but the process's number.
reports=$(awk -v RS='==[0-9]+== \n' '/audit_immutable|\.rs:[0-9]/ && / at 0x/' "$CLUSTER_DIR"/memcheck/*)
printf '%s\n' "$reports"
[ -n "$(find "$CLUSTER_DIR/memcheck" -type f)" ] && [ -z "$reports" ] && good=1 || good=0
echo "processes: $(find "$CLUSTER_DIR/memcheck" -type f | wc -l)"
echo "memcheck: $good passed, $((1 - good)) failed"
[ "$good" = 1 ]
