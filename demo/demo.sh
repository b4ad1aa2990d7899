#!/usr/bin/env bash
# The whole story on a throw-away server: real events go in, nothing goes out again, and a byte changed on disk
# is found. Every step is checked; the first surprise ends the demo with status 1. Started by `make demo`.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../tools/cluster.sh"

verifier=$here/../docs/verify.py
clients=8
bold='' plain=''
if [ -t 1 ]; then bold=$'\e[1m' plain=$'\e[0m'; fi

chapter() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
tell()    { printf '    %s\n' "$@"; }
indent()  { sed 's/^/    /'; }
fail()    { printf '\ndemo: FAILED: %s\n' "$*" >&2; exit 1; }
sql()     { cluster_psql -At -c "$1"; }
show()    { printf '    => %s\n' "$1"; cluster_psql -P pager=off -P footer=off -c "$1" | indent; }
same()    { [ "$2" = "$3" ] || fail "$1: expected '$2', found '$3'"; }

# waiting TEXT COMMAND...: a line that grows while a command takes longer than two seconds.
waiting() {
    local text=$1 started=$SECONDS pid status=0
    shift
    "$@" &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        sleep 0.1
        [ $((SECONDS - started)) -lt 2 ] || printf '\r    … %s, %d s' "$text" $((SECONDS - started)) >&2
    done
    wait "$pid" || status=$?
    [ $((SECONDS - started)) -lt 2 ] || printf '\n' >&2
    return "$status"
}

# The extension must refuse this statement, and for its own reason. $2 is part of the message.
refused() {
    local answer
    printf '    => %s\n' "$1"
    if answer=$(cluster_psql -v VERBOSITY=verbose -c "$1" 2>&1); then fail "not refused: $1"; fi
    case $answer in *"$2"*) ;; *) fail "refused, but with another error: $answer" ;; esac
    printf '%s\n' "$answer" | grep -v '^LOCATION:' | indent
}

[ -r "$verifier" ] || fail "docs/verify.py is not beside the demo"

chapter "1. A server of our own, and one statement"
cluster_start --loopback
work=$CLUSTER_DIR/demo
mkdir "$work"
tell "$(sql 'SELECT version()' | cut -d' ' -f1,2), a socket and loopback only, in a temporary directory"
for statement in \
    "CREATE EXTENSION audit_immutable" \
    "CREATE TABLE audit_log (at timestamptz, action text, package text, details jsonb) USING audit_immutable"
do
    tell "=> $statement"
    sql "$statement" >/dev/null
done
same "columns of the table" "at,action,package,details,audit_chain,audit_seq,audit_at,audit_session,audit_hash" \
    "$(sql "SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute
            WHERE attrelid = 'audit_log'::regclass AND attnum > 0 AND NOT attisdropped")"
tell "The table has five columns more, which the extension fills: audit_chain, audit_seq, audit_at, audit_session, audit_hash."

chapter "2. Real events"
logs=()
for file in /var/log/dpkg.log /var/log/dpkg.log.[0-9]; do
    [ ! -r "$file" ] || logs+=("$file")
done
if [ ${#logs[@]} -gt 0 ] && [ "$(cat "${logs[@]}" | wc -l)" -ge 2000 ]; then
    kind=dpkg
    tell "What this machine's package manager did: ${logs[*]}"
else
    kind=server
    logs=("$CLUSTER_DIR/server.log")
    tell "No long package log here, so: what this server did during a short pgbench run, from its own log"
    run_pgbench() {
        pgbench -i -q >"$work/pgbench.log" 2>&1 &&
            PGOPTIONS='-c log_min_duration_statement=0' pgbench -n -c "$clients" -t 100 >>"$work/pgbench.log" 2>&1
    }
    waiting "running pgbench" run_pgbench || fail "pgbench: $(cat "$work/pgbench.log")"
fi
read -r inserts copies < <(python3 "$here/events.py" "$kind" "$work" "$clients" "${logs[@]}")
[ "$inserts" -ge 1000 ] || fail "only $inserts events found in ${logs[*]}"

load() {
    local pids=() pid status=0 i
    for i in $(seq "$clients"); do
        PGAPPNAME=client$i cluster_psql -f "$work/client$i.sql" &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do wait "$pid" || status=1; done
    return "$status"
}
began=$(date +%s%N)
waiting "$clients connections insert" load || fail "an INSERT failed"
tell "$inserts single-row INSERTs by $clients connections at once: $(( ($(date +%s%N) - began) / 1000000 )) ms"
began=$(date +%s%N)
sql "\\copy audit_log (at, action, package, details) FROM '$work/copy.csv' (FORMAT csv)" >/dev/null
tell "one COPY of $copies more: $(( ($(date +%s%N) - began) / 1000000 )) ms"
total=$((inserts + copies))
same "rows in the table" "$total" "$(sql 'SELECT count(*) FROM audit_log')"
chains=$(sql 'SELECT count(DISTINCT audit_chain) FROM audit_log')
[ "$chains" -le $((clients + 1)) ] || fail "$chains chains for $clients writers"
tell "They went into $chains chains, so that no writer waited for another."
show "SELECT audit_chain AS chain, audit_seq AS seq, action, package, left(encode(audit_hash, 'hex'), 16) || '…' AS hash
       FROM audit_log WHERE audit_seq <= 2 ORDER BY 1, 2 LIMIT 4"

chapter "3. Change it? We are the superuser and the table's owner."
refused "UPDATE audit_log SET package = 'nothing' WHERE action = 'install'" 'cannot update audit table'
refused "DELETE FROM audit_log" 'cannot delete from audit table'
refused "TRUNCATE audit_log" 'cannot truncate audit table'
refused "DROP TABLE audit_log" 'cannot drop audit table'
refused "ALTER TABLE audit_log DISABLE TRIGGER ALL" 'DISABLE TRIGGER ALL on audit table'
same "rows after the attempts" "$total" "$(sql 'SELECT count(*) FROM audit_log')"

chapter "4. From where?"
tell "The server's own sockets, loopback and private networks are trusted by default. Today the sockets alone are:"
trust() {
    cluster_psql -At -c "LOAD 'audit_immutable'" -c "ALTER SYSTEM SET audit_immutable.trusted_networks = '$1'"
    sql "SELECT pg_reload_conf()" >/dev/null
    # Sessions that begin from now on have it, once the server has read it.
    for _ in $(seq 200); do
        [ "$(sql "LOAD 'audit_immutable'; SELECT current_setting('audit_immutable.trusted_networks')")" != "$1" ] || return 0
        sleep 0.05
    done
    fail "the server does not reload its configuration"
}
trust local
tell "=> LOAD 'audit_immutable'" "=> ALTER SYSTEM SET audit_immutable.trusted_networks = 'local'" "" "The same superuser, by TCP:"
PGHOST=127.0.0.1 refused "SELECT * FROM audit_log" 'cannot reach audit table'
PGHOST=127.0.0.1 refused "INSERT INTO audit_log (action) VALUES ('from elsewhere')" 'cannot reach audit table'
same "rows, by the socket" "$total" "$(sql 'SELECT count(*) FROM audit_log')"
trust 'local, loopback, private'
same "rows, by TCP" "$total" "$(PGHOST=127.0.0.1 sql 'SELECT count(*) FROM audit_log')"
logged="setting IN ('log_connections', 'log_line_prefix')"
found=$(sql 'SELECT count(*) FROM audit_immutable.network_findings()')
tell "" "How the server is set up around its audit tables: $found findings, two of which are"
show "SELECT severity, setting, value, remedy FROM audit_immutable.network_findings() WHERE $logged"
while read -r remedy; do
    tell "=> $remedy"
    sql "$remedy"
done < <(sql "SELECT remedy FROM audit_immutable.network_findings() WHERE $logged")
sql "SELECT pg_reload_conf()" >/dev/null
for _ in $(seq 200); do
    left=$(sql 'SELECT count(*) FROM audit_immutable.network_findings()')
    [ "$left" -ne $((found - 2)) ] || break
    sleep 0.05
done
same "findings, two of them mended" $((found - 2)) "$left"
tell "$left are left, for a server that trusts whoever asks."

chapter "5. Is it intact?"
show "SELECT relation, intact, rows, chains, findings, took FROM audit_immutable.verify('audit_log')"
same "verify" "t|$total|0" "$(sql "SELECT intact, rows, findings FROM audit_immutable.verify('audit_log')")"
same "findings" "" "$(sql "SELECT * FROM audit_immutable.findings('audit_log')")"

chapter "6. Take the evidence away, and check it without the server"
heads_sql="SELECT audit_chain || ':' || max(audit_seq) || ':' || encode((array_agg(audit_hash ORDER BY audit_seq DESC))[1], 'hex')
           FROM audit_log GROUP BY audit_chain ORDER BY audit_chain"
sql "SELECT audit_immutable.export('audit_log')" >"$work/export.jsonl"
same "lines in the export" $((total + 1)) "$(wc -l <"$work/export.jsonl")"
heads=()
while read -r head; do heads+=(--head "$head"); done < <(sql "$heads_sql")
tell "\$ psql -XAtqc \"SELECT audit_immutable.export('audit_log')\" > export.jsonl"
tell "$((total + 1)) lines, $(stat -c %s "$work/export.jsonl") bytes. The second one:"
sed -n 2p "$work/export.jsonl" | indent
same "sha256sum of that line" \
    "$(sql "SELECT encode(audit_hash, 'hex') FROM audit_log ORDER BY audit_chain, audit_seq LIMIT 1")" \
    "$(sed -n 2p "$work/export.jsonl" | tr -d '\n' | sha256sum | cut -d' ' -f1)"
tell "Its sha256sum is the row's audit_hash."
tell "\$ python3 docs/verify.py --head … export.jsonl      ($chains heads, read from the server)"
waiting "checking" python3 "$verifier" "${heads[@]}" "$work/export.jsonl" >"$work/verdict" ||
    { indent <"$work/verdict"; fail "docs/verify.py refuses the export"; }
sed 's/\([0-9a-f]\{16\}\)[0-9a-f]\{48\}/\1…/' "$work/verdict" | indent
same "heads vouched for" "$chains" "$(grep -c 'vouched for by --head' "$work/verdict")"

chapter "7. The owner of the disk"
# A row in the middle of its chain, with a text of its own that stands in the row once.
IFS='|' read -r chain seq ctid victim < <(sql "
    SELECT audit_chain, audit_seq, ctid, package FROM audit_log l
    WHERE length(package) > 4 AND package ~ '[a-z0-9]' AND position(package IN action || details::text) = 0
      AND audit_seq > 2 AND audit_seq + 2 <= (SELECT max(audit_seq) FROM audit_log m WHERE m.audit_chain = l.audit_chain)
    ORDER BY action = 'install' DESC, audit_chain, audit_seq OFFSET 20 LIMIT 1")
[ -n "${victim:-}" ] || fail "no row to attack"
file=$CLUSTER_DIR/data/$(sql "SELECT pg_relation_filepath('audit_log')")
checksums=$(sql 'SHOW data_checksums')
tell "Row $seq of chain $chain is at $ctid, and its package is '$victim'. We stop the server and edit the table's file."
sql CHECKPOINT
cluster_stop
[ "$checksums" = off ] || pg_checksums --disable --no-sync -D "$CLUSTER_DIR/data" >/dev/null
python3 "$here/attack.py" "$file" "$ctid" "$victim" >"$work/attack" || fail "the attack did not work"
tell "$(cat "$work/attack")"
cluster_restart
now=$(sql "SELECT package FROM audit_log WHERE audit_chain = $chain AND audit_seq = $seq")
[ "$now" != "$victim" ] || fail "the attack did not change the row"
tell "The server starts as if nothing had happened, and the row says: '$now'."
show "SELECT relation, intact, rows, findings, first_finding FROM audit_immutable.verify('audit_log')"
same "verify after the attack" f "$(sql "SELECT intact FROM audit_immutable.verify('audit_log')")"
printf "    => SELECT * FROM audit_immutable.findings('audit_log')\n"
cluster_psql -x -P pager=off -c "SELECT * FROM audit_immutable.findings('audit_log')" | indent
same "the findings (chain|seq|kind)" "$chain|$seq|modified" "$(sql "SELECT chain, seq, kind FROM audit_immutable.findings('audit_log')")"
tell "That row, and no other."

tell "" "The export tells it too:"
sql "SELECT audit_immutable.export('audit_log')" >"$work/after.jsonl"
if python3 "$verifier" "$work/after.jsonl" >"$work/verdict"; then fail "docs/verify.py accepts the changed export"; fi
fold -s -w 110 "$work/verdict" | indent
grep -q "so line [0-9]* (chain $chain, seq $seq) was changed" "$work/verdict" || fail "docs/verify.py names another row"
tell "" "A diff of the export before and after:"
diff "$work/export.jsonl" "$work/after.jsonl" >"$work/diff" || true
same "lines that differ" 2 "$(grep -c '^[<>]' "$work/diff")"
grep '^[<>]' "$work/diff" | sed 's/"prev":"\([0-9a-f]\{8\}\)[0-9a-f]*"/"prev":"\1…"/' | indent

chapter "8. Evidence that leaves the server"
# The changed byte is put back; what follows is another day, and another attack.
cluster_stop
python3 "$here/attack.py" --undo "$file" "$work/attack" || fail "the byte could not be put back"
cp -a "$CLUSTER_DIR/data" "$work/backup"            # last night's base backup, to be put back later
cluster_restart
same "verify, the byte put back" t "$(sql "SELECT intact FROM audit_immutable.verify('audit_log')")"
tell "A key outside the data directory, a name, and a witness with a key of its own, on what would be another machine:"
keys=$CLUSTER_DIR/keys
mkdir -m 700 "$keys"
vkey=$(audit-immutable keygen --out "$keys/log.pem" --name "demo.example/$PGDATABASE/1" 2>/dev/null)
audit-immutable keygen --witness --out "$keys/witness.pem" --name witness.example >/dev/null 2>&1
cat >>"$CLUSTER_DIR/data/postgresql.conf" <<END
audit_immutable.signing_key_file = '$keys/log.pem'
audit_immutable.origin = 'demo.example'
END
tail -n 2 "$CLUSTER_DIR/data/postgresql.conf" | sed "s,$CLUSTER_DIR,…," | indent
cp "$CLUSTER_DIR/data/postgresql.conf" "$work/backup/"
sql "SELECT pg_reload_conf()" >/dev/null
url="postgresql:///$PGDATABASE?host=$PGHOST&port=$PGPORT&user=$PGUSER"
witness() {
    audit-immutable witness --database "$url" --to "$work/witness" --key "$keys/witness.pem" --name witness.example \
        --log-key "$vkey" 2>&1
}
sql "INSERT INTO audit_log (action, package) SELECT 'note', 'after the backup ' || i FROM generate_series(1, 500) AS i"
# Rows of writers at work side by side lie in any order. In the order of the chains, the end of the file is the end of
# one, and whoever cuts it off leaves no gap.
sql "CREATE INDEX in_order ON audit_log (audit_chain, audit_seq); CLUSTER audit_log USING in_order; DROP INDEX in_order"
tell "" "=> SELECT audit_immutable.checkpoint()"
sql "SELECT audit_immutable.checkpoint()" >"$work/note"
indent <"$work/note"
tell "\$ audit-immutable witness --database … --to witness --key witness.pem --log-key …"
witness >"$work/witnessed" || { indent <"$work/witnessed"; fail "the witness refuses the first checkpoint"; }
grep -v '^$\|^—\|^demo.*/1$\|^[0-9]*$\|=$' "$work/witnessed" | indent

tell "" "A receipt proves one row to anybody, without this server:"
read -r chain seq < <(sql "SELECT audit_chain, audit_seq FROM audit_log WHERE package = 'after the backup 7'" | tr '|' ' ')
sql "SELECT audit_immutable.receipt('audit_log', $chain, $seq)" >"$work/row.tlog-proof"
tell "\$ audit-immutable receipt row.tlog-proof --key …"
audit-immutable receipt "$work/row.tlog-proof" --key "$vkey" >"$work/receipt" || fail "the receipt is not good"
fold -s -w 110 "$work/receipt" | indent

chapter "9. The owner of the disk cuts off the end, and mends the index"
file=$CLUSTER_DIR/data/$(sql "SELECT pg_relation_filepath('audit_log')")
sql CHECKPOINT
cluster_stop
size=$(stat -c %s "$file")
truncate -s $((size - 4 * 8192)) "$file"
cluster_restart
sql "REINDEX TABLE audit_log" >/dev/null
tell "Four pages of the table's file are gone. The chains by themselves look whole:"
sql "SELECT audit_immutable.export('audit_log')" >"$work/cut.jsonl"
tell "\$ audit-immutable verify cut.jsonl"
audit-immutable verify "$work/cut.jsonl" >"$work/verdict" || fail "the chain alone is not fooled"
head -n 1 "$work/verdict" | indent
tell "The server still knows what it signed:"
show "SELECT intact, findings, first_finding FROM audit_immutable.verify('audit_log')"
same "verify after the cut" f "$(sql "SELECT intact FROM audit_immutable.verify('audit_log')")"
printf "    => SELECT * FROM audit_immutable.check_note('…the note…')\n"
cluster_psql -P pager=off -P footer=off -v note="$(cat "$work/note")" <<<"SELECT verdict, relation, chain, first_seq, last_seq FROM audit_immutable.check_note(:'note')" >"$work/checked"
indent <"$work/checked"
grep -q truncated "$work/checked" || fail "check_note does not say that rows are gone"

chapter "10. An old backup is put back"
cluster_stop
rm -rf "$CLUSTER_DIR/data"
cp -a "$work/backup" "$CLUSTER_DIR/data"
cluster_restart
tell "Last night's copy of the data directory. Nothing in it is wrong, and every chain is whole:"
same "verify of the old backup" t "$(sql "SELECT intact FROM audit_immutable.verify('audit_log')")"
show "SELECT relation, intact, rows, findings FROM audit_immutable.verify('audit_log')"
sql "INSERT INTO audit_log (action, package) SELECT 'note', 'another history ' || i FROM generate_series(1, 600) AS i"
tell "The server remembers beside its key what it signed, and signs nothing else:"
refused "SELECT audit_immutable.checkpoint()" "contradicts an earlier checkpoint"
tell "" "Without that memory, on another machine, say, the witness is there:"
rm "$keys/log.pem.$PGDATABASE.signed"
sql "SELECT audit_immutable.checkpoint()" >/dev/null
tell "\$ audit-immutable witness …"
status=0
witness >"$work/witnessed" || status=$?
fold -s -w 110 "$work/witnessed" | indent
same "exit status of the witness" 5 "$status"

chapter "11. The way out is a deed, with a reason on record"
show "SELECT audit_immutable.retire('audit_log', 'the demo is over')"
sql "DROP TABLE audit_log"
show "SELECT kind, relation, role, reason, detail -> 'heads' -> 0 AS head FROM audit_immutable.event WHERE kind = 'retire'"
same "the reason on record" "the demo is over" "$(sql "SELECT reason FROM audit_immutable.event WHERE kind = 'retire'")"

cluster_remove
chapter "Everything was as it should be, in $SECONDS s. The server is stopped and removed."
