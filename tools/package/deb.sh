# shellcheck shell=bash
# A directory of files becomes a Debian package. Sourced by tools/package.sh.

# deb KIND PACKAGE DIRECTORY: with packaging/debian/KIND.control, and maintainer scripts if there are any.
deb() {
    local kind=$1 package=$2 from=$3 root=$work/$2 documents script
    cp -a "$from" "$root"
    documents=$root/usr/share/doc/$package
    install -D -m 644 "$ROOT/packaging/debian/copyright" "$documents/copyright"
    changelog | gzip -9n >"$documents/changelog.Debian.gz"
    gzip -9n <"$ROOT/CHANGELOG.md" >"$documents/changelog.gz"
    overrides "$package" | install -D -m 644 /dev/stdin "$root/usr/share/lintian/overrides/$package"

    find "$root" -type d -exec chmod 755 {} +
    install -d "$root/DEBIAN"
    control "$kind" "$root" >"$root/DEBIAN/control"
    (cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
    for script in postinst postrm; do
        [ ! -e "$ROOT/packaging/debian/$kind.$script" ] ||
            install -m 755 "$ROOT/packaging/debian/$kind.$script" "$root/DEBIAN/$script"
    done
    chmod 644 "$root"/DEBIAN/{control,md5sums}
    dpkg-deb --root-owner-group -Zxz --build "$root" "$packages/${package}_$version-1_$architecture.deb" >/dev/null
}

maintainer() {
    printf '%s <%s>' "${DEBFULLNAME:-audit_immutable contributors}" "${DEBEMAIL:-audit-immutable@localhost}"
}

control() {
    local kind=$1 root=$2
    sed -e "s/@MAJOR@/$PG_MAJOR/g; s/@VERSION@/$version/g; s/@ARCHITECTURE@/$architecture/" \
        -e "s/@MAINTAINER@/$(maintainer)/; s/@DEPENDS@/$(shared_libraries "$root")/" \
        -e "s/@SIZE@/$(du -k --apparent-size --summarize "$root/usr" | cut -f 1)/" "$ROOT/packaging/debian/$kind.control"
}

# What the programs and libraries under a directory need, as dpkg-shlibdeps says.
shared_libraries() {
    local scratch=$work/shlibdeps
    mkdir -p "$scratch/debian"
    printf 'Source: audit-immutable\n\nPackage: audit-immutable\nArchitecture: any\n' >"$scratch/debian/control"
    (cd "$scratch" && find "$1/usr" -type f \( -name '*.so' -o -path '*/bin/*' \) -print0 |
        xargs -0 dpkg-shlibdeps -O 2>/dev/null) | sed -n 's/^shlibs:Depends=//p'
}

changelog() {
    printf 'audit-immutable (%s-1) unstable; urgency=medium\n\n  * See changelog.gz.\n\n -- %s  %s\n' \
        "$version" "$(maintainer)" "$(date --utc --rfc-email --date="@$SOURCE_DATE_EPOCH")"
}

overrides() {
    sed "/^#/!s/^/$1: /" "$ROOT/packaging/debian/lintian-overrides"
}
