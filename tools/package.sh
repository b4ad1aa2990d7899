#!/usr/bin/env bash
# Lays out the files to install under target/release/audit_immutable-pg15 (target/pg18/release/audit_immutable-pg18, and
# so on), the auditor's command among them.
# PG_CONFIG says for which installation.
. "$(dirname "$0")/common.sh"
. "$ROOT/tools/files.sh"

"$ROOT/tools/setup.sh"
cargo_env
pg_config=${PG_CONFIG:-$SYSTEM_PG_CONFIG}
package=$TARGET/release/audit_immutable-pg$PG_MAJOR
build_files "$pg_config"
rm -rf "$package"
install_files "$pg_config" "$package"
