#!/usr/bin/env bash
# Builds, then runs one of this repository's scripts as somebody who may run a
# PostgreSQL server, with the staged PostgreSQL first on PATH:
#
#   tools/run.sh [--no-build] demo/demo.sh [ARGUMENT...]
#
# PostgreSQL refuses to run as root, and root's checkout may be closed to the
# server's user. So the script runs in a copy of what it needs, in a directory
# of its own, and as root under the name of $AUDIT_SERVER_USER.
. "$(dirname "$0")/common.sh"

build=yes
if [ "${1:-}" = --no-build ]; then
    build=no
    shift
fi
[ $# -gt 0 ] || die "usage: tools/run.sh [--no-build] SCRIPT [ARGUMENT...]"
script=$1
shift
[ "$build" = no ] || "$ROOT/tools/build.sh"

user=$(id -un)
become=()
if [ "$(id -u)" -eq 0 ]; then
    user=${AUDIT_SERVER_USER:-postgres}
    id "$user" >/dev/null 2>&1 || die "there is no user $user to run servers (AUDIT_SERVER_USER)"
    become=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --init-groups)
fi

# Not $TMPDIR: it may be private, and a socket's path must be short.
run=$(mktemp -d /tmp/audit_immutable.XXXXXX)

cleanup() {
    local file
    # Scripts stop their servers; this is for those that were killed.
    # As the server's user: the files are that user's, and so are the servers.
    find "$run" -name postmaster.pid | while read -r file; do
        "${become[@]}" kill -s QUIT -- "$(head -n 1 "$file")" 2>/dev/null || true
    done
    # What a developer compares with expected/, the logs of the TAP tests, and
    # a benchmark's results: only what the script made.
    for file in tests/{regress/results,isolation/results,rings/results,t/log} bench/RESULTS.md docs/throughput.svg docs/THREATS.md docs/OPERATIONS.md README.md; do
        [ "$run/$file" -nt "$ROOT/$file" ] || continue
        rm -rf "${ROOT:?}/$file"
        cp -r "$run/$file" "$ROOT/$file"
    done
    if [ "${AUDIT_KEEP:-}" = 1 ]; then
        say "kept $run"
    else
        rm -rf "$run"
    fi
}
trap cleanup EXIT
trap 'exit 129' HUP           # a trap of our own waits for the script to end,
trap 'exit 130' INT           # so that it can stop its servers
trap 'exit 143' TERM

for part in README.md tools tests demo bench docs; do
    [ ! -e "$ROOT/$part" ] || cp -a "$ROOT/$part" "$run/"
done
rm -rf "$run"/tests/{regress/results,isolation/results,rings/results,t/log}      # an earlier run's
chown -R "$user:$(id -g "$user")" "$run"

# A clean environment, so that nobody's PGHOST or LANG changes a result.
settings=()
while read -r name; do settings+=("$name=${!name}"); done < <(compgen -e | grep '^AUDIT_')
cd "$run"
"${become[@]}" env -i "${settings[@]}" AUDIT_STAGE="$STAGE" \
    HOME="$run" USER="$user" LOGNAME="$user" TERM="${TERM:-dumb}" \
    PATH="$(dirname "$STAGED_PG_CONFIG"):/usr/local/bin:/usr/bin:/bin" \
    LC_ALL=C.UTF-8 PYTHONPATH="$run/tests" \
    "$run/$script" "$@"
