# shellcheck shell=bash
# The files that are built, and where each is installed. Sourced after common.sh and cargo_env.
#
# Plain cargo does it: PostgreSQL itself puts the library's path into the script, which is
# written by hand. Only the suite pgrx needs cargo-pgrx.

# build_files PG_CONFIG: compiles for that PostgreSQL.
build_files() {
    case $("$1" --version) in
        "PostgreSQL $PG_MAJOR"*) ;;
        *) die "$1 is not PostgreSQL $PG_MAJOR's" ;;
    esac
    local packages=(--package audit_immutable) RUSTFLAGS
    RUSTFLAGS=$(path_flags)
    export RUSTFLAGS
    if [ "$TARGET" = "$COMMAND_TARGET" ]; then
        # Both at once: while the extension is linked, which keeps one core busy, the command is compiled.
        packages+=(--package audit-immutable-auditor)
    else
        CARGO_TARGET_DIR=$COMMAND_TARGET cargo build --locked --release --package audit-immutable-auditor
    fi
    PGRX_PG_CONFIG_PATH=$1 cargo build --locked --release "${FEATURES[@]}" "${packages[@]}"
}

# Where the source lay is nobody's business, and would make every machine's build another.
path_flags() {
    printf '%s' "--remap-path-prefix=$ROOT=/usr/src/audit_immutable " \
        "--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/usr/share/cargo"
}

# install_files PG_CONFIG [DIRECTORY [COMMAND...]]: installs what build_files made for that
# PostgreSQL, under DIRECTORY if it is not empty; COMMAND (sudo) runs what writes.
install_files() {
    local pg_config=$1 root=${2:-} as=("${@:3}") script extension
    script=$(mktemp)
    extension_script >"$script"
    extension=$root$("$pg_config" --sharedir)/extension

    put 755 "$TARGET/release/libaudit_immutable.so" "$root$("$pg_config" --pkglibdir)/audit_immutable.so"
    put 644 "$ROOT/audit_immutable.control" "$extension/audit_immutable.control"
    put 644 "$script" "$extension/audit_immutable--$(extension_version).sql"
    put 755 "$COMMAND_TARGET/release/audit-immutable" "$root$("$pg_config" --bindir)/audit-immutable"
    rm "$script"
}

# put MODE FROM TO: a rename, because a running server may have the old library in memory.
put() {
    if cmp -s "$2" "$3"; then return; fi
    "${as[@]}" install -D -m "$1" "$2" "$3.new"
    "${as[@]}" mv -f "$3.new" "$3"
    echo "installed $3"
}

# What CREATE EXTENSION runs: sql/*.sql, in the order of their numbers.
extension_script() {
    printf '%s\n\n' '\echo Use "CREATE EXTENSION audit_immutable" to load this file. \quit'
    cat "$ROOT"/sql/*.sql
}

extension_version() {
    sed -n "s/^default_version = '\(.*\)'$/\1/p" "$ROOT/audit_immutable.control"
}
