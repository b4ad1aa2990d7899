# shellcheck shell=bash
# Which files a package has, and where. Sourced by tools/package.sh.

# The command without a shared library: what an auditor's machine has of its own does not matter. It is linked
# against the C library's archive; names are looked up by /etc/hosts and DNS alone.
build_static() {
    local triple
    triple=$(rustc --version --verbose | sed -n 's/^host: //p')
    # With --target, the flags are for what runs there, and not for what runs while it is compiled.
    RUSTFLAGS="$(path_flags) -C target-feature=+crt-static" cargo build --locked --release --target "$triple" \
        --target-dir "$COMMAND_TARGET/static" --package audit-immutable-auditor
    STATIC=$COMMAND_TARGET/static/$triple/release
}

# extension_files DIRECTORY: for Debian's PostgreSQL, wherever it was that it was compiled for.
extension_files() {
    local lib=$1/usr/lib/postgresql/$PG_MAJOR/lib share=$1/usr/share/postgresql/$PG_MAJOR/extension
    install -D -m 644 "$TARGET/release/libaudit_immutable.so" "$lib/audit_immutable.so"
    strip --strip-unneeded "$lib/audit_immutable.so"
    install -D -m 644 "$ROOT/audit_immutable.control" "$share/audit_immutable.control"
    extension_script >"$share/audit_immutable--$version.sql"
}

# command_files DIRECTORY PROGRAM: the command, its manual and what a shell and systemd know of it.
command_files() {
    local root=$1 manual=$work/manual page unit
    [ -d "$manual" ] || cargo run --locked --quiet --package audit-immutable-auditor --example manual -- "$manual"

    install -D -m 755 "$2" "$root/bin/audit-immutable"
    strip --strip-all "$root/bin/audit-immutable"
    install -d "$root/share/man/man1"
    for page in "$manual"/man1/*; do gzip -9n <"$page" >"$root/share/man/man1/${page##*/}.gz"; done
    install -D -m 644 "$manual/bash/audit-immutable.bash" "$root/share/bash-completion/completions/audit-immutable"
    install -D -m 644 "$manual/zsh/_audit-immutable" "$root/share/zsh/vendor-completions/_audit-immutable"
    install -D -m 644 "$manual/fish/audit-immutable.fish" "$root/share/fish/vendor_completions.d/audit-immutable.fish"
    for unit in "$ROOT"/packaging/systemd/*.service; do
        install -D -m 644 "$unit" "$root/lib/systemd/system/${unit##*/}"
    done
    install -D -m 644 "$ROOT/packaging/systemd/audit-immutable.sysusers" "$root/lib/sysusers.d/audit-immutable.conf"
}

# tarball NAME DIRECTORY: DIRECTORY's files, under NAME/.
tarball() {
    tar --create --sort=name --owner=0 --group=0 --numeric-owner --mode=u+rw,go=rX --mtime="@$SOURCE_DATE_EPOCH" \
        --transform="s,^\.,$1," --directory="$2" . | gzip -9n >"$packages/$1.tar.gz"
}

# image DIRECTORY: share and lib, as extension_control_path and dynamic_library_path want them.
image() {
    rm -rf "$1"
    install -d "$1"/{lib,share/extension}
    cp -p "$work/server/usr/lib/postgresql/$PG_MAJOR/lib"/* "$1/lib/"
    cp -p "$work/server/usr/share/postgresql/$PG_MAJOR/extension"/* "$1/share/extension/"
    install -m 644 "$ROOT/packaging/Containerfile" "$1/Containerfile"
}

# source_archive FILE: the source and PGXN's META.json.
source_archive() {
    local name=audit_immutable-$version
    git -C "$ROOT" archive --format=tar --prefix="$name/" HEAD | tar --extract --directory="$work"
    sed "s/@VERSION@/$version/g" "$ROOT/packaging/META.json.in" >"$work/$name/META.json"
    python3 -B "$ROOT/tools/package/zip.py" "$1" "$work" "$name" "$SOURCE_DATE_EPOCH"
}
