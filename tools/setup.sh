#!/usr/bin/env bash
# Makes a machine ready to build and test: Debian packages and the staged copy of PostgreSQL.
# Does only what is missing, so run it at any time.
#
#   tools/setup.sh --pgrx     also what the suite pgrx needs: cargo-pgrx, and a copy of its own
#   tools/setup.sh --packages also what packages are made and tried with
#   tools/setup.sh --tools    also what the tests use beside the extension, as far as it is to be had
. "$(dirname "$0")/common.sh"

needed=(
    gcc pkg-config libssl-dev libclang-dev
    perl libipc-run-perl python3 python3-venv python3-cryptography openssl libfaketime
)
# Other people's tools and clients. A test without its own is skipped, and says so.
tools=(pgbackrest barman pgbouncer libpostgresql-jdbc-java patroni etcd-server)

if native "$PG_MAJOR"; then
    needed+=("postgresql-$PG_MAJOR" "postgresql-server-dev-$PG_MAJOR" "postgresql-$PG_MAJOR-pgaudit")
    tools+=("postgresql-$PG_MAJOR-partman" "postgresql-$PG_MAJOR-repack" "postgresql-$PG_MAJOR-repmgr" repmgr)
else
    # postgresql-common makes the user that servers run as.
    needed+=(patchelf postgresql-common)
fi

# These may be there from elsewhere than Debian.
command -v npm >/dev/null || tools+=(nodejs npm)
command -v javac >/dev/null || tools+=(default-jdk-headless)

packages() {
    local need=("$@") missing=() package as_root=()

    command -v dpkg-query >/dev/null ||
        die "this is not Debian; install the like of: ${need[*]}"
    for package in "${need[@]}"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
            missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0

    if [ "$(id -u)" -ne 0 ]; then
        sudo -n true 2>/dev/null ||
            die "packages are missing; as root, run: apt-get install ${missing[*]}"
        as_root=(sudo -n)
    fi
    say "installing ${missing[*]}"
    # A third party's archive that is down does not matter if ours are up.
    "${as_root[@]}" apt-get -q update || true
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -q install -y --no-install-recommends "${missing[@]}"
}

toolchain() {
    local part
    command -v cargo >/dev/null || die "no cargo on PATH; see https://rustup.rs"
    for part in fmt clippy; do
        cargo "$part" --version >/dev/null 2>&1 && continue
        say "installing cargo $part"
        rustup component add rustfmt clippy || die "cargo $part is missing"
        break
    done
}

# The stage's name can be guessed and /var/tmp is everybody's: accept only a
# directory that is ours and that nobody else writes to.
stage() {
    mkdir -m 755 "$STAGE" 2>/dev/null || true
    [ ! -L "$STAGE" ] && [ -d "$STAGE" ] || die "$STAGE is not a directory"
    [ "$(stat -c %u "$STAGE")" = "$(id -u)" ] || die "$STAGE belongs to somebody else"
    chmod 755 "$STAGE"
}

# PostgreSQL finds its files relative to its programs, so a copy of them is an
# installation of its own, and tests need write no system directory.
# $1: the directory to hold the copy.
copy_postgres() {
    local lib=usr/lib/postgresql/$PG_MAJOR share=usr/share/postgresql/$PG_MAJOR

    if ! native "$PG_MAJOR"; then
        "$ROOT/tools/postgres.sh" "$PG_MAJOR"
        [ "$1" = "$STAGE" ] || [ -e "$1/$PG_MAJOR" ] || cp -a "$STAGE/$PG_MAJOR" "$1/"
        return 0
    fi

    if ! cmp -s "/$lib/bin/postgres" "$1/$lib/bin/postgres" || [ ! -e "$1/complete" ]; then
        say "copying PostgreSQL $PG_MAJOR to $1"
        rm -rf "${1:?}/usr" "$1/complete"
        mkdir -p "$1/usr/lib/postgresql" "$1/usr/share/postgresql" "$1/usr/include"
        cp -a "/$lib" "$1/$lib"
        cp -a "/$share" "$1/$share"
        ln -s /usr/include/postgresql "$1/usr/include/postgresql"
        touch "$1/complete"
    fi
    # Their packages may have come later than the copy.
    later "/$lib/lib" "$1/$lib/lib" {pgaudit,pg_partman_bgw,pg_repack,repmgr}.so
    later "/$lib/bin" "$1/$lib/bin" pg_repack repmgr
    later "/$share/extension" "$1/$share/extension" {pgaudit,pg_partman,pg_repack,repmgr}'[.-]*'
}

# Copies what is there and newer: from a directory, to another, names.
later() {
    local from=$1 to=$2 name
    shift 2
    for name in "$@"; do
        find "$from" -maxdepth 1 -name "$name" -exec cp -au -t "$to" {} +
    done
}

# `cargo pgrx test` installs a build of its own; it must not replace the real one.
pgrx_test() {
    local home=$STAGE/pgrx-test/pgrx pg_config=$STAGE/pgrx-test${STAGED_PG_CONFIG#"$STAGE"}

    cargo_pgrx_env
    if ! have_cargo_pgrx; then
        say "installing cargo-pgrx $PGRX_VERSION (some minutes, once)"
        # Unoptimised: it compiles far quicker, and is only a driver of other tools.
        CARGO_PROFILE_DEV_DEBUG=0 cargo install cargo-pgrx --version "=$PGRX_VERSION" \
            --locked --debug --root "$STAGE/cargo"
        have_cargo_pgrx || die "cargo-pgrx $PGRX_VERSION is installed, but not first on PATH"
    fi
    mkdir -p "$home"
    copy_postgres "$STAGE/pgrx-test"
    # The file's time counts as a reason to compile anew: write it once.
    grep -qs "\"$pg_config\"" "$home/config.toml" ||
        cargo pgrx init --no-run "--pg$PG_MAJOR" "$pg_config"
}

what=${1:-}
case $what in
    '') ;;
    # `cargo pgrx test` changes to the server's user by sudo.
    --pgrx) [ "$(id -u)" -ne 0 ] || needed+=(sudo) ;;
    --packages) needed+=(dpkg-dev binutils lintian debootstrap) ;;
    --tools) ;;
    *) die "usage: tools/setup.sh [--pgrx | --packages | --tools]" ;;
esac
packages "${needed[@]}"
[ "$what" != --tools ] || (packages "${tools[@]}") || say "some tools are not to be had; their tests are skipped"
cargo_env
toolchain
stage
exec 9>"$STAGE/lock"          # two set-ups at once would trip over each other
flock 9
copy_postgres "$STAGE"
[ "$what" != --pgrx ] || pgrx_test
say "ready: PostgreSQL $PG_MAJOR in $STAGE"
