# shellcheck shell=bash
# Paths, settings and small functions that the other scripts share. Sourced.
#
# Settings (environment):
#   PG                 the PostgreSQL to build and test for (default: that of PG_CONFIG, if it is set; else the newest
#                      that is installed; else 15)
#   AUDIT_STAGE        the staged copy of PostgreSQL
#   AUDIT_SERVER_USER  who runs servers when we are root (default postgres)
#   AUDIT_KEEP=1       leave run directories in /tmp, for a look afterwards

set -euo pipefail
umask 022                     # the server's user reads what root writes

PGRX_VERSION=0.18.1
VERSIONS="15 16 17 18"

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
STAGE=${AUDIT_STAGE:-/var/tmp/audit_immutable-$(id -u)}

# native VERSION: whether it is in this machine's packages; what is not is unpacked into the stage.
native() {
    [ -x "/usr/lib/postgresql/$1/bin/postgres" ] ||
        case $(. /etc/os-release && echo "$VERSION_CODENAME") in
            bookworm) [ "$1" = 15 ] ;;
            trixie) [ "$1" = 17 ] ;;
            forky) [ "$1" = 18 ] ;;
            *) false ;;
        esac
}

# That of PG_CONFIG, if it is set; else the newest of ours that is installed, else 15.
default_version() {
    local version newest=15
    if [ -n "${PG_CONFIG:-}" ]; then
        version=$("$PG_CONFIG" --version)
        version=${version#PostgreSQL }
        echo "${version%%[.a-z]*}"
        return
    fi
    for version in $VERSIONS; do
        [ ! -x "/usr/lib/postgresql/$version/bin/postgres" ] || newest=$version
    done
    echo "$newest"
}

# staged VERSION: the folder of its programs in the stage.
staged() {
    local lib=usr/lib/postgresql/$1
    if native "$1"; then echo "$STAGE/$lib/bin"; else echo "$STAGE/$1/$lib/bin"; fi
}

# shellcheck disable=SC2034  # used by the scripts that source this
{
PG_MAJOR=${PG:-$(default_version)}
STAGED_PG_CONFIG=$(staged "$PG_MAJOR")/pg_config
SYSTEM_PG_CONFIG=$STAGED_PG_CONFIG
! native "$PG_MAJOR" || SYSTEM_PG_CONFIG=/usr/lib/postgresql/$PG_MAJOR/bin/pg_config
# Each version compiles apart, so that to change between them compiles nothing anew; the command is for all.
COMMAND_TARGET=${CARGO_TARGET_DIR:-$ROOT/target}
TARGET=$COMMAND_TARGET
FEATURES=(--no-default-features --features "audit_immutable/pg$PG_MAJOR")
[ "$PG_MAJOR" = 15 ] || TARGET=$TARGET/pg$PG_MAJOR
}

say() { printf '%s\n' "== $*"; }
die() { printf '%s\n' "error: $*" >&2; exit 1; }

# Environment for cargo.
cargo_env() {
    export PATH="$PATH:${CARGO_HOME:-$HOME/.cargo}/bin"
    export PGRX_PG_CONFIG_PATH=$SYSTEM_PG_CONFIG CARGO_TARGET_DIR=$TARGET
    # Make's job server is not for cargo to share.
    unset MAKEFLAGS MFLAGS MAKELEVEL
    cd "$ROOT"
}

# Environment for cargo pgrx, besides. Our own PGRX_HOME leaves ~/.pgrx alone, and a cargo-pgrx
# in the stage leaves one of another version in ~/.cargo alone.
cargo_pgrx_env() {
    export PATH="$STAGE/cargo/bin:$PATH"
    export PGRX_HOME="$STAGE/pgrx-test/pgrx"
    export USER="${USER:-$(id -un)}"      # pgrx insists on it
    unset PGRX_PG_CONFIG_PATH             # it goes by PGRX_HOME
}

# 0 when the cargo-pgrx on PATH is the one this code is written for.
have_cargo_pgrx() {
    [ "$(cargo pgrx --version 2>/dev/null)" = "cargo-pgrx $PGRX_VERSION" ]
}
