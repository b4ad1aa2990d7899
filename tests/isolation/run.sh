#!/usr/bin/env bash
# Sessions that interleave: each specs/NAME.spec must print expected/NAME.out.
# Started by tools/run.sh.
. "$(dirname "$0")/../../tools/cluster.sh"
cd "$(dirname "$0")"

shopt -s nullglob
specs=(specs/*.spec)
specs=("${specs[@]#specs/}")
[ ${#specs[@]} -gt 0 ] || { echo "isolation: 0 passed, 0 failed"; exit 1; }

cluster_start --conf postgresql.conf
createdb isolation_regression
cluster_psql -d isolation_regression -c 'CREATE EXTENSION audit_immutable'

status=0
"$(dirname "$(pg_config --pgxs)")/../test/isolation/pg_isolation_regress" \
    --use-existing --host "$PGHOST" --port "$PGPORT" --user "$PGUSER" \
    --dbname isolation_regression --bindir "$(pg_config --bindir)" \
    --inputdir . --outputdir . "${specs[@]%.spec}" >log 2>&1 || status=$?
cat log
if [ -s regression.diffs ]; then cat regression.diffs; fi
# Before 16 it says "... ok", from then on TAP.
echo "isolation: $(grep -cE '\.\.\. ok|^ok ' log) passed, $(grep -cE '\.\.\. FAILED|^not ok ' log) failed"
exit "$status"
