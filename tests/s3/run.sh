#!/usr/bin/env bash
# The store in a bucket, against a service that speaks S3 and knows Object Lock: moto, from the
# Python Package Index, kept in the stage. Start it by `make test SUITES=s3`.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$root/tools/common.sh"
cargo_env

MOTO_VERSION=5.2.5
venv=$STAGE/moto-$MOTO_VERSION

moto() {
    [ ! -e "$venv/complete" ] || return 0
    say "installing moto $MOTO_VERSION"
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check \
        "moto[s3]==$MOTO_VERSION" 'flask>=3,<4' 'flask-cors>=5,<7'
    touch "$venv/complete"
}

# Starts the service on a port of its own choosing, and finds out which.
service_start() {
    MOTO_S3_DEFAULT_MAX_KEYS=7 PYTHONUNBUFFERED=1 NO_COLOR=1 \
        "$venv/bin/moto_server" -H 127.0.0.1 -p 0 >"$run/log" 2>&1 &
    service=$!
    local tries
    for tries in $(seq 150); do
        endpoint=$(sed -n 's/.*Running on \(http:[^ ]*[0-9]\).*/\1/p' "$run/log" | head -n 1)
        [ -z "$endpoint" ] || return 0
        kill -0 "$service" 2>/dev/null || break
        sleep 0.2
    done
    cat "$run/log" >&2
    die "the service does not start"
}

service=
cleanup() {
    if [ -n "$service" ]; then
        kill "$service" 2>/dev/null || true
        wait "$service" 2>/dev/null || true
    fi
    rm -rf "$run"
}
run=$(mktemp -d /tmp/audit_s3.XXXXXX)
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

moto
service_start
AUDIT_S3_ENDPOINT=$endpoint AWS_ACCESS_KEY_ID=key AWS_SECRET_ACCESS_KEY=secret \
    cargo test --locked -p audit-immutable-auditor --lib store::s3 -- --ignored
