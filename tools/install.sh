#!/usr/bin/env bash
# Installs the extension and the auditor's command into this machine's PostgreSQL. PG_CONFIG chooses
# another.
. "$(dirname "$0")/common.sh"

"$ROOT/tools/setup.sh"
cargo_env
pg_config=${PG_CONFIG:-$SYSTEM_PG_CONFIG}
sudo=()
[ -w "$("$pg_config" --pkglibdir)" ] || sudo=(--sudo)
cargo pgrx install --release --pg-config "$pg_config" "${sudo[@]}"
install_command "$pg_config" "${sudo[@]/#--/}"
