#!/usr/bin/env bash
# Installs the extension and the auditor's command into this machine's PostgreSQL. PG chooses the version, PG_CONFIG an
# installation.
. "$(dirname "$0")/common.sh"
. "$ROOT/tools/files.sh"

native "$PG_MAJOR" || [ -n "${PG_CONFIG:-}" ] ||
    die "PostgreSQL $PG_MAJOR is not installed here; PG_CONFIG=... names an installation that is elsewhere"
"$ROOT/tools/setup.sh"
cargo_env
pg_config=${PG_CONFIG:-$SYSTEM_PG_CONFIG}
sudo=()
[ -w "$("$pg_config" --pkglibdir)" ] || sudo=(sudo)
build_files "$pg_config"
install_files "$pg_config" '' "${sudo[@]}"
