#!/usr/bin/env bash
# The README's tour, typed into psql, and the table of docs/THREATS.md that the extension can answer. Start it by `make test SUITES=tour`.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$root/tools/cluster.sh"

# shellcheck disable=SC2119  # the defaults are right
cluster_start
status=0
python3 "$root/tests/tour/tour.py" "$@" || status=1
python3 "$root/tests/tour/policy.py" "$@" || status=1
exit $status
