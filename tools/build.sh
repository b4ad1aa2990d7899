#!/usr/bin/env bash
# Builds the extension and the auditor's command, and installs both into the staged PostgreSQL.
. "$(dirname "$0")/common.sh"
. "$ROOT/tools/files.sh"

"$ROOT/tools/setup.sh"
cargo_env
exec 9>"$STAGE/lock"
flock 9
# The system's pg_config, wherever the stage is: when it moves, pgrx compiles everything anew.
build_files "$SYSTEM_PG_CONFIG"
install_files "$STAGED_PG_CONFIG"
