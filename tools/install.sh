#!/usr/bin/env bash
# Installs the extension and the auditor's command into this machine's PostgreSQL. PG_CONFIG chooses
# another installation of the same major version.
. "$(dirname "$0")/common.sh"
. "$ROOT/tools/files.sh"

"$ROOT/tools/setup.sh"
cargo_env
pg_config=${PG_CONFIG:-$SYSTEM_PG_CONFIG}
sudo=()
[ -w "$("$pg_config" --pkglibdir)" ] || sudo=(sudo)
build_files "$pg_config"
install_files "$pg_config" '' "${sudo[@]}"
