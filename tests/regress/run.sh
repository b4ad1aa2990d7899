#!/usr/bin/env bash
# The golden files: each sql/NAME.sql must print expected/NAME.out.
# Started by tools/run.sh; the order is in `schedule`.
. "$(dirname "$0")/../../tools/cluster.sh"
cd "$(dirname "$0")"

# A file that nobody scheduled would never run, and nobody would notice.
comm -3 <(basename -as .sql sql/*.sql | sort) \
        <(sed -n 's/^test: *//p' schedule | tr -s ' ' '\n' | sort) >unscheduled
if [ -s unscheduled ]; then
    echo "sql/*.sql and schedule differ:" && cat unscheduled
    exit 1
fi

cluster_start --conf postgresql.conf
createdb contrib_regression

status=0
"$(dirname "$(pg_config --pgxs)")/../test/regress/pg_regress" \
    --use-existing --host "$PGHOST" --port "$PGPORT" --user "$PGUSER" \
    --dbname contrib_regression --bindir "$(pg_config --bindir)" \
    --inputdir . --outputdir . --schedule schedule >log 2>&1 || status=$?
cat log
if [ -s regression.diffs ]; then cat regression.diffs; fi
# Before 16 it says "... ok", from then on TAP.
echo "regress: $(grep -cE '\.\.\. ok|^ok ' log) passed, $(grep -cE '\.\.\. FAILED|^not ok ' log) failed"
exit "$status"
