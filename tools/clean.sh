#!/usr/bin/env bash
# Removes what was built, and the stage with the cargo-pgrx in it.
. "$(dirname "$0")/common.sh"

rm -rf "$ROOT/target"
if [ -d "$STAGE" ] && [ ! -L "$STAGE" ]; then
    rm -rf "${STAGE:?}"/{usr,complete,lock,pgrx,pgrx-test,cargo}
    rmdir "$STAGE"
fi
