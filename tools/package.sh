#!/usr/bin/env bash
# Lays out the files to install under target/release/audit_immutable-pg15.
. "$(dirname "$0")/common.sh"

"$ROOT/tools/setup.sh"
cargo_env
exec cargo pgrx package --pg-config "${PG_CONFIG:-$SYSTEM_PG_CONFIG}"
