#!/usr/bin/env bash
# Makes the packages, under target/packages; PG chooses the PostgreSQL, as everywhere:
#
#   postgresql-15-audit-immutable_*.deb    the extension, for Debian's PostgreSQL
#   audit-immutable_*.deb                  the command, with its manual pages, completions and services
#   audit_immutable-*-pg15-*.tar.gz        the extension's files, as they lie on Debian
#   audit-immutable-*.tar.gz               the command for machines of any kind: it needs no library
#   audit_immutable-*.zip                  the source, for PGXN
#   image-pg15/                            what an extension volume of CloudNativePG holds
#   SHA256SUMS                             of all that is there, other versions' too
#
# The same commit makes the same bytes. DEBFULLNAME and DEBEMAIL name whoever hands the packages out.
. "$(dirname "$0")/common.sh"
. "$ROOT/tools/files.sh"
. "$ROOT/tools/package/layout.sh"
. "$ROOT/tools/package/deb.sh"

"$ROOT/tools/setup.sh" --packages
cargo_env
version=$(extension_version)
architecture=$(dpkg --print-architecture)
machine=$(uname -m)
packages=$COMMAND_TARGET/packages
work=$packages/work
SOURCE_DATE_EPOCH=$(git -C "$ROOT" log -1 --format=%ct)
export SOURCE_DATE_EPOCH

rm -rf "$work"
mkdir -p "$work"
build_files "$SYSTEM_PG_CONFIG"
build_static

extension_files "$work/server"
deb server "postgresql-$PG_MAJOR-audit-immutable" "$work/server"
tarball "audit_immutable-$version-pg$PG_MAJOR-linux-$machine" "$work/server"
image "$packages/image-pg$PG_MAJOR"

command_files "$work/command/usr" "$COMMAND_TARGET/release/audit-immutable"
deb command audit-immutable "$work/command"
command_files "$work/static" "$STATIC/audit-immutable"
tarball "audit-immutable-$version-linux-$machine" "$work/static"

source_archive "$packages/audit_immutable-$version.zip"
rm -rf "$work"
cd "$packages"
find . -type f ! -name SHA256SUMS -printf '%P\0' | sort -z | xargs -0 sha256sum >SHA256SUMS
say "packages are in $packages"
