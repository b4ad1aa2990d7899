#!/usr/bin/env bash
# The rings: every way round the guards in `ways`, by every role it names, each in a session of its
# own, on a server without the library preloaded (ring 2) and on one with it (ring 3). What is printed
# must equal expected/RING.out, and what happens must be what `ways` says shall happen.
# Started by tools/run.sh.
#
# Settings: AUDIT_RINGS  which of "ring2 ring3" to run
#           AUDIT_WAYS   only ways that contain this text; compares with no golden file
. "$(dirname "$0")/../../tools/cluster.sh"
cd "$(dirname "$0")"

passed=0 failed=0
mkdir -p results

# One way, by one role: prints what happened and judges it.
# $1: the ring; $2: o, g or s; $3: what is expected; $4: the statements.
attempt() {
    local ring=$1 expect=$3 way=$4 user name outcome state complaint=
    case $2 in
        o) user=alice name=owner ;;
        g) user=grace name=grantee ;;
        s) user=postgres name=superuser ;;
        *) echo "unknown role $2" >&2; return 1 ;;
    esac
    if [ "${expect%!}" = "$expect" ]; then
        printf 'BEGIN;\n%s;\nSELECT judge.state();\nROLLBACK;\n' "$way"
    else                                # cannot run in a transaction
        printf '%s;\nSELECT judge.state();\n' "$way"
    fi >case.sql
    psql -X -q -A -t -U "$user" -v ON_ERROR_ROLLBACK=on -v VERBOSITY=verbose -f case.sql >case.out 2>case.err || true
    state=$(sed -n 's/^state: //p' case.out | tail -n 1 | perl -pe 's,"/[^"]*/(\w+\.so)","$1",g')
    outcome=$(sed -nE '/no privileges could be revoked/d; s/^psql:[^ ]*: //; s/^(ERROR|FATAL|PANIC|WARNING):  //p; /server closed|connection to server/s/^/CRASH: /p' case.err |
        perl -pe 's/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/LOG/g; s/(?<!\w)\d{5,}(?!\w|: )/OID/g; s/pg_temp_\d+/pg_temp/g; s,"/[^"]*/(\w+\.so)","$1",g' | paste -sd '~' | sed 's,~, / ,g')
    outcome=${outcome:-done} state=${state:-unknown}
    case ${expect%!} in
        refuse) [ "$outcome" != done ] || complaint='not refused' ;;
        allow | harmless) [[ $state == whole* ]] || complaint='not whole' ;;&
        allow)  [ "$outcome" = done ] || complaint='refused' ;;
        record) [ "$outcome" = done ] || complaint='refused'
                [[ $state == *recorded* ]] || complaint='not recorded' ;;
        ring3 | loud | moot)
                if [ "$ring" = ring3 ] && [ "$outcome" = done ]; then complaint='not refused'
                elif [ "$outcome" != done ] || [ "${expect%!}" = moot ] || [[ $state == *'found '* ]]; then :
                elif [ "${expect%!}" = ring3 ] || [[ $state != *FAILS* ]]; then complaint='not found'; fi ;;
        harmless) ;;
        *) echo "unknown expectation $expect" >&2; return 1 ;;
    esac
    # In ring 2 the first of several statements may be done, and a later one refused.
    case $ring/${expect%!}/$outcome in
        ring2/ring3/* | ring2/loud/* | ring2/moot/* | */done) ;;
        *) [[ $state == whole* ]] || complaint=${complaint:-not whole} ;;
    esac
    [[ $outcome != *CRASH* ]] || complaint=crash
    printf '    %s: %s | %s%s\n' "$name" "$outcome" "$state" "${complaint:+ !! $complaint}"
    if [ -z "$complaint" ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
    if ! psql -X -q -c '' 2>/dev/null; then
        tail -n 5 "$CLUSTER_DIR/server.log" >&2
        pg_ctl stop -s -m immediate -D "$CLUSTER_DIR/data" || true
        cluster_restart
    fi
}

all_ways() {
    local ring=$1 roles expect way nth
    while read -r roles expect way; do
        case $roles in
            '' | '#'*) continue ;;
            ==) [ -n "${AUDIT_WAYS:-}" ] || printf '\n== %s %s\n' "$expect" "$way"; continue ;;
        esac
        [[ $way == *"${AUDIT_WAYS:-}"* ]] || continue
        printf '%s\n' "$way"
        for ((nth = 0; nth < ${#roles}; nth++)); do
            attempt "$ring" "${roles:nth:1}" "$expect" "$way" </dev/null
        done
    done <ways
    printf '\nat the end: %s\n' "$(psql -XAtc 'SELECT judge.state()' 2>&1)"
}

for ring in ${AUDIT_RINGS:-ring2 ring3}; do
    preload=
    [ "$ring" = ring2 ] || preload=audit_immutable
    cluster_start --preload "$preload" --conf postgresql.conf
    cluster_psql -f setup.sql >/dev/null
    # Not in a pipe: it counts.
    all_ways "$ring" >"results/$ring.out"
    grep -B 3 '!!' "results/$ring.out" || true
    if [ -n "${AUDIT_WAYS:-}" ]; then cat "results/$ring.out"; continue; fi
    if diff -uN "expected/$ring.out" "results/$ring.out"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
done
echo "rings: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
