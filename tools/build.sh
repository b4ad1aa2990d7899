#!/usr/bin/env bash
# Builds the extension and the auditor's command, and installs both into the staged PostgreSQL.
. "$(dirname "$0")/common.sh"

"$ROOT/tools/setup.sh"
cargo_env
exec 9>"$STAGE/lock"
flock 9
cargo pgrx install --release --pg-config "$STAGED_PG_CONFIG"
install_command "$STAGED_PG_CONFIG"
