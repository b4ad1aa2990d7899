#!/usr/bin/env bash
# The README's tour, typed into psql. Start it by `make test SUITES=tour`.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$root/tools/cluster.sh"

# shellcheck disable=SC2119  # the defaults are right
cluster_start
python3 "$root/tests/tour/tour.py" "$@"
