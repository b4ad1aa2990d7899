#!/usr/bin/env bash
# The format: its vectors and cases, docs/verify.py, and the checkers of tiles and receipts. Started by tools/run.sh.
cd "$(dirname "$0")"
. ../../tools/cluster.sh

cluster_start
good=0 bad=0
for file in test_*.py; do
    echo "-- $file"
    status=0
    python3 "$file" -v >"$file.log" 2>&1 || status=$?
    cat "$file.log"
    good=$((good + $(grep -c ' ok$' "$file.log" || true)))
    failures=$(grep -cE '^(FAIL|ERROR): ' "$file.log" || true)
    [ "$status" -eq 0 ] || [ "$failures" -gt 0 ] || failures=1
    bad=$((bad + failures))
    rm "$file.log"
done
echo "format: $good passed, $bad failed"
[ "$bad" -eq 0 ]
