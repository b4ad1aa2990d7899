#!/usr/bin/env bash
# The TAP tests: whole servers that crash, replicate and are tampered with.
# Started by tools/run.sh. AUDIT_TAP names the files to run; default: all.
set -euo pipefail
cd "$(dirname "$0")/.."

test_root=$(dirname "$(pg_config --pgxs)")/../test
# shellcheck disable=SC2206  # several names in one variable
files=(${AUDIT_TAP:-t/*.pl})

# The names that PostgreSQL::Test::Cluster goes by.
export PG_REGRESS=$test_root/regress/pg_regress
export TESTDIR=$PWD/t
# From 16 on in two.
export TESTDATADIR=$TESTDIR/tmp_check TESTLOGDIR=$TESTDIR/tmp_check/log

status=0
# Two at a time: each has servers, ports and folders of its own.
prove --timer --jobs 2 -I "$test_root/perl" -I t/lib "${files[@]}" || status=$?

# The logs count every single test; prove counts files.
cp -r t/tmp_check/log t/log
good=0 bad=0
for log in t/log/regress_log_*; do
    failures=$(grep -cE '^(\[[^]]*\]\([^)]*\) )?not ok ' "$log" || true)
    successes=$(grep -cE '^(\[[^]]*\]\([^)]*\) )?ok ' "$log" || true)
    good=$((good + successes)) bad=$((bad + failures))
    # A log that ends well ends with the plan.
    if [ "$failures" -gt 0 ] || ! tail -n 200 "$log" | grep -qE '(^|\) )1\.\.[0-9]'; then
        echo "-- the end of $log"
        tail -n 60 "$log"
    fi
done
[ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
echo "tap: $good passed, $bad failed"
exit "$status"
