#!/usr/bin/env bash
# Removes what was built, and the stage with all that is in it.
. "$(dirname "$0")/common.sh"

rm -rf "$ROOT/target"
if [ -d "$STAGE" ] && [ ! -L "$STAGE" ]; then
    rm -rf "${STAGE:?}"/{usr,complete,1[5-8],lock,pgrx-test,cargo,moto-*}
    rmdir "$STAGE"
fi
