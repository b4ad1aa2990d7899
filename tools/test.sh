#!/usr/bin/env bash
# Runs the test suites, all of them or those named, and counts:
#
#   tools/test.sh [lint] [unit] [abi] [s3] [build] [format] [regress] [clients] [rings] [attacks] [limits] [runs] [isolation] [network] [tasks] [tap] [tour] [pgrx] [newest] [packages]
#
# A suite that fails does not stop the others. A suite without a single test
# has failed, unless it says why it cannot be run here. The last line is "N passed,
# N failed"; the exit status says it too.
# What runs on the staged server is preceded by `build`, which takes a second when nothing changed.
#
# Settings: AUDIT_CRASH_SECONDS  how long tests/t/020_crash.pl writes
#           AUDIT_TAP            the TAP files to run, e.g. "t/030_tamper.pl"
. "$(dirname "$0")/common.sh"

SKIPPED=77                    # the status of a suite that cannot be run here, and has said why

# Formatting, lints and, where cargo-deny is installed, licences and advisories.
# It is not installed here: that takes longer than all the tests.
suite_lint() {
    local good=0 bad=0
    check() { echo "-- $*"; if "$@"; then good=$((good + 1)); else bad=$((bad + 1)); fi; }
    check cargo fmt --all --check
    check cargo clippy --locked --workspace --all-targets "${FEATURES[@]}",pg_test -- --deny warnings
    check tests/lint/run.sh
    check same_script
    if command -v cargo-deny >/dev/null; then
        check cargo deny --locked check
    else
        echo "-- cargo deny is not installed: deny.toml is not checked"
    fi
    echo "lint: $good passed, $bad failed"
    [ "$bad" -eq 0 ]
}

# src/lib.rs tells cargo pgrx of the files that tools/files.sh joins, in the same order; from
# src/guard/script.rs verify knows what they make.
same_script() {
    local file
    for file in src/lib.rs src/guard/script.rs; do
        diff <(printf '%s\n' sql/*.sql) <(grep -oE '"(\.\./)+sql/[^"]*"' "$file" | tr -d '"' | sed 's,^[./]*,,') || return 1
    done
}

# What is in Python runs as it is here, unless it needs a server.
python() { AUDIT_STAGE=$STAGE PYTHONPATH=$ROOT/tests python3 -B "$@"; }

# The crates that need no PostgreSQL, and what the other suites are made of.
suite_unit() {
    cargo test --locked --workspace --exclude audit_immutable
    python tests/harness/run.py
}

# The witness's store in a bucket. It needs no PostgreSQL either, but the network once.
suite_s3() { python tests/s3/run.py; }

suite_format() { "$ROOT/tools/run.sh" --no-build tests/format/run.py; }

# What the sources say of PostgreSQL by hand, against its headers.
suite_abi() { python tests/abi/run.py "$SYSTEM_PG_CONFIG"; }

suite_build() {
    "$ROOT/tools/build.sh"
    echo "build: 1 passed, 0 failed"
}

suite_regress()   { "$ROOT/tools/run.sh" --no-build tests/regress/run.sh; }
# Real clients, installed into the stage by whom it belongs to. Needs the network once.
suite_clients() {
    "$ROOT/tools/setup.sh" --tools
    python tests/clients/install.py
    "$ROOT/tools/run.sh" --no-build tests/clients/run.py
}
suite_rings()     { "$ROOT/tools/run.sh" --no-build tests/rings/run.py; }
suite_attacks()   { "$ROOT/tools/run.sh" --no-build tests/attacks/run.py; }
suite_limits()    { "$ROOT/tools/run.sh" --no-build tests/limits/run.py; }
suite_runs()      { "$ROOT/tools/run.sh" --no-build tests/runs/run.py; }
suite_isolation() { "$ROOT/tools/run.sh" --no-build tests/isolation/run.sh; }
suite_network()   { "$ROOT/tools/run.sh" --no-build tests/network/run.py; }
suite_tasks()     { "$ROOT/tools/run.sh" --no-build tests/tasks/run.py; }
suite_tour()      { "$ROOT/tools/run.sh" --no-build tests/tour/run.py; }

suite_tap() {
    "$ROOT/tools/setup.sh" --tools
    # A judge by other people's code.
    cargo build --locked --package ledger --example judge_receipt
    install -m 755 "$TARGET/debug/examples/judge_receipt" "$(dirname "$STAGED_PG_CONFIG")/"
    "$ROOT/tools/run.sh" --no-build tests/t/run.sh
}

# Tests inside a server (#[pg_test]). They compile with other flags: a target
# directory of their own keeps the plain build. Without full debug information,
# which nobody reads here, they compile and load faster.
suite_pgrx() (
    "$ROOT/tools/setup.sh" --pgrx
    cargo_pgrx_env
    pgdata=$(mktemp -d /tmp/audit_pgrx.XXXXXX)
    trap 'rm -rf "$pgdata"' EXIT
    runas=()
    if [ "$(id -u)" -eq 0 ]; then
        runas=(--runas "${AUDIT_SERVER_USER:-postgres}")
        chown "${runas[1]}" "$pgdata"
    fi
    export CARGO_TARGET_DIR=$TARGET/pgrx-test CARGO_PROFILE_DEV_DEBUG=line-tables-only
    cargo pgrx test "${runas[@]}" --pgdata "$pgdata/data" "pg$PG_MAJOR"
)

# The newest PostgreSQL, where it is not the one at hand: what differs between versions shows in these. A machine that
# cannot have it says so.
suite_newest() {
    local newest=${VERSIONS##* }
    [ "$PG_MAJOR" != "$newest" ] || { echo "PostgreSQL $newest is the one at hand"; return "$SKIPPED"; }
    PG=$newest "$ROOT/tools/setup.sh" || { echo "without PostgreSQL $newest, nothing is tried on it"; return "$SKIPPED"; }
    PG=$newest "$ROOT/tools/test.sh" abi regress isolation rings
}

# What `make package` makes, installed into bare Debians. It compiles the command once more, without shared libraries.
suite_packages() {
    "$ROOT/tools/package.sh"
    PYTHONPATH=$ROOT/tests python3 -B tests/packages/run.py "${CARGO_TARGET_DIR:-$ROOT/target}/packages"
}

describe() {
    case $1 in
        lint)      echo "formatting and lints" ;;
        unit)      echo "the pure crates, and the harness" ;;
        format)    echo "the format: its document, vectors and verifier" ;;
        abi)       echo "what is said of PostgreSQL by hand, against its headers" ;;
        s3)        echo "evidence in a bucket, under Object Lock" ;;
        build)     echo "build, and install into $STAGE" ;;
        regress)   echo "pg_regress: golden files" ;;
        rings)     echo "every way round the guards, by every role, in both rings" ;;
        attacks)   echo "scripts of attackers, by the least privileged role that can try" ;;
        limits)    echo "what a lock holds up, and what many logs cost" ;;
        runs)      echo "random histories, and what the index of the chains is after them" ;;
        clients)   echo "real clients on audit tables" ;;
        network)   echo "who may reach an audit table, from several hosts" ;;
        isolation) echo "pg_isolation_regress: sessions that interleave" ;;
        tap)       echo "TAP: whole servers" ;;
        tasks)     echo "what a DBA or an application does in an ordinary week, as the documents have it" ;;
        tour)      echo "the README's tour, typed into psql" ;;
        packages)  echo "packages, and a DBA's way with them in a bare Debian" ;;
        newest)    echo "the newest PostgreSQL too: abi, regress, isolation, rings" ;;
        pgrx)      echo "cargo pgrx test: inside a server" ;;
        *)         die "there is no suite $1" ;;
    esac
}

# Adds up what a suite's log says: our own "name: N passed, N failed", and
# cargo's "test result: ok. N passed; N failed".
count() {
    awk -v want="$2" '
        /^[a-z]+: [0-9]+ passed, [0-9]+ failed$/ || /^test result: / {
            for (i = 2; i <= NF; i++) if ($i ~ "^" want) n += $(i - 1)
        }
        END { print n + 0 }' "$1"
}

suites=("$@")
[ $# -gt 0 ] || suites=(lint unit abi s3 build format regress clients rings attacks limits runs isolation network tasks tap tour pgrx newest)
for suite in "${suites[@]}"; do describe "$suite" >/dev/null; done

on_server=' format regress clients rings attacks limits runs isolation network tasks tap tour '
for suite in "${suites[@]}"; do
    [[ $suite != build ]] || break
    [[ $on_server != *" $suite "* ]] || { suites=(build "${suites[@]}"); break; }
done

"$ROOT/tools/setup.sh"
cargo_env
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

table=() passed=0 failed=0 built=yes
for suite in "${suites[@]}"; do
    echo
    say "$suite: $(describe "$suite")"
    start=$SECONDS
    log=$logs/$suite
    status=0
    if [[ $built = no && $on_server = *" $suite "* ]]; then
        echo "not run, because the build failed" | tee "$log"
        status=1
    else
        set +e
        ( set -e; "suite_$suite" ) 2>&1 | tee "$log"
        status=${PIPESTATUS[0]}
        set -e
    fi
    good=$(count "$log" passed)
    bad=$(count "$log" failed)
    if [ "$status" -eq "$SKIPPED" ]; then
        table+=("$(printf '%-10s %15s %8d' "$suite" 'not run' $((SECONDS - start)))")
        continue
    fi
    [ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
    if [ "$good" -eq 0 ] && [ "$bad" -eq 0 ]; then
        echo "$suite has no tests"
        bad=1
    fi
    [ "$suite" != build ] || [ "$bad" -eq 0 ] || built=no
    table+=("$(printf '%-10s %7d %7d %8d' "$suite" "$good" "$bad" $((SECONDS - start)))")
    passed=$((passed + good))
    failed=$((failed + bad))
done

printf '\n%-10s %7s %7s %8s\n' suite passed failed seconds
printf '%s\n' "${table[@]}"
printf '\n%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
