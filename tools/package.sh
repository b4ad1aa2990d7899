#!/usr/bin/env bash
# Lays out the files to install under target/release/audit_immutable-pg15, the auditor's command among them.
. "$(dirname "$0")/common.sh"

"$ROOT/tools/setup.sh"
cargo_env
pg_config=${PG_CONFIG:-$SYSTEM_PG_CONFIG}
cargo pgrx package --pg-config "$pg_config"
cargo build --locked --release --package audit-immutable-auditor
target=${CARGO_TARGET_DIR:-$ROOT/target}/release
install -D -m 755 "$target/audit-immutable" "$target/audit_immutable-pg$PG_MAJOR$("$pg_config" --bindir)/audit-immutable"
