# shellcheck shell=bash
# Paths, settings and small functions that the other scripts share. Sourced.
#
# Settings (environment):
#   AUDIT_STAGE        the staged copy of PostgreSQL
#   AUDIT_SERVER_USER  who runs servers when we are root (default postgres)
#   AUDIT_KEEP=1       leave run directories in /tmp, for a look afterwards

set -euo pipefail
umask 022                     # the server's user reads what root writes

PG_MAJOR=15
PGRX_VERSION=0.18.1

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# shellcheck disable=SC2034  # used by the scripts that source this
{
STAGE=${AUDIT_STAGE:-/var/tmp/audit_immutable-$(id -u)}
SYSTEM_PG_CONFIG=/usr/lib/postgresql/$PG_MAJOR/bin/pg_config
STAGED_PG_CONFIG=$STAGE/usr/lib/postgresql/$PG_MAJOR/bin/pg_config
}

say() { printf '%s\n' "== $*"; }
die() { printf '%s\n' "error: $*" >&2; exit 1; }

# Environment for cargo.
cargo_env() {
    export PATH="$PATH:${CARGO_HOME:-$HOME/.cargo}/bin"
    export PGRX_PG_CONFIG_PATH=$SYSTEM_PG_CONFIG
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
