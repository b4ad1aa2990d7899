# shellcheck shell=bash
# Which files a package has, and where. Sourced by tools/package.sh.

# The command without a shared library: what an auditor's machine has of its own does not matter. It is linked
# against the C library's archive; names are looked up by /etc/hosts and DNS alone.
STATIC=${CARGO_TARGET_DIR:-$ROOT/target}/static
build_static() {
    local triple
    triple=$(rustc --version --verbose | sed -n 's/^host: //p')
    # With --target, the flags are for what runs there, and not for what runs while it is compiled.
    RUSTFLAGS="$(path_flags) -C target-feature=+crt-static" cargo build --locked --release --target "$triple" \
        --target-dir "$STATIC" --package audit-immutable-auditor
    STATIC=$STATIC/$triple/release
}

# extension_files DIRECTORY: for this PostgreSQL.
extension_files() {
    install_files "$pg_config" "$1" >/dev/null
    # The command has a package of its own.
    rm -r "${1:?}$("$pg_config" --bindir)"
    find "$1" -name '*.so' -exec strip --strip-unneeded {} +
}

# command_files DIRECTORY PROGRAM: the command, its manual and what a shell and systemd know of it.
command_files() {
    local root=$1 manual=$work/manual page unit
    [ -d "$manual" ] || cargo run --locked --quiet --release --package audit-immutable-auditor --example manual -- "$manual"

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

# image DIRECTORY FILES: share and lib, as extension_control_path and dynamic_library_path want them.
image() {
    install -D -m 755 "$2$("$pg_config" --pkglibdir)/audit_immutable.so" "$1/lib/audit_immutable.so"
    install -d "$1/share/extension"
    install -m 644 "$2$("$pg_config" --sharedir)"/extension/* "$1/share/extension/"
    install -m 644 "$ROOT/packaging/Containerfile" "$1/Containerfile"
}

# source_archive FILE: the source and PGXN's META.json.
source_archive() {
    local name=audit_immutable-$version
    git -C "$ROOT" archive --format=tar --prefix="$name/" HEAD | tar --extract --directory="$work"
    sed "s/@VERSION@/$version/g" "$ROOT/packaging/META.json.in" >"$work/$name/META.json"
    python3 -B "$ROOT/tools/package/zip.py" "$1" "$work" "$name" "$SOURCE_DATE_EPOCH"
}
