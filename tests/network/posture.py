#!/usr/bin/env python3
"""audit_immutable.network_findings(): a server that is set up wrongly in every way it knows, each found; what it says to
do is done as it is printed, and then nothing is found. And the configuration of docs/NETWORK.md, in which nothing is.
Started by tools/run.sh, by itself or by run.py.

Settings: AUDIT_RINGS  which of "ring2 ring3" to run
"""
from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness import psql, ring, suite
from harness.cluster import Cluster
from harness.counting import Count
from harness.ring import Ring
from network import certificates

HERE = Path(__file__).parent
Row = dict[str, str | None]

# What is wrong at first, by item. Of some there is more than one.
WRONG = """
listen_addresses unix_socket_permissions hba_trust hba_password hba_md5 hba_ident hba_open hba_wide hba_name hba_samenet
hba_not_encrypted hba_all_all hba_replication hba_error ident_map files_not_loaded settings_in_error pending_restart
tls_version tls_newest tls_ciphers tls_order tls_authority trusted_networks untrusted
password_encryption role_md5 role_forever log_connections log_disconnections log_hostname log_line_prefix log_timezone
log_file_mode log_min_messages log_min_error_statement log_error_verbosity log_statement log_replication_commands
superusers create_role replication_roles server_roles file_functions languages dblink foreign_servers security_definer
public_on_logs public_creates connection_limits reserved_connections timeouts
fsync full_page_writes synchronous_commit wal_level archive_mode data_checksums damage_ignored signing_key
""".split()
# What a member of pg_monitor may not see.
HIDDEN = {*(item for item in WRONG if item.startswith("hba_")), "ident_map", "files_not_loaded", "settings_in_error",
          "role_md5", "role_forever", "checkpoint_age"}
# What takes pg_read_all_settings or pg_read_all_stats too.
HIDDEN_MORE = HIDDEN | {"pending_restart", "sessions_without_tls", "preload", "signing_key", "tls_version", "tls_newest",
                        "tls_ciphers"}
TABLES = ("| where and who |", "| TLS |", "| the server's log |", "| roles and functions |", "| rows and evidence |")
LINE = re.compile(r"(?P<file>[a-z_.]+\.conf) line (?P<line>\d+): (?P<text>.*)", re.DOTALL)


class Guarded(Cluster):
    """A server that asks for passwords."""

    @property
    def address(self) -> dict[str, str]:
        return super().address | {"PGPASSWORD": "secret"}


@contextmanager
def _server(conf: str, hba: str) -> Iterator[Guarded]:
    cluster = Guarded(Path(tempfile.mkdtemp(prefix="audit_cluster.", dir="/tmp")))
    try:
        certificates.make(cluster.directory)
        folder = cluster.directory
        files = f"ssl_cert_file = '{folder}/server.crt'\nssl_key_file = '{folder}/server.key'\n"
        cluster.create(f"{cluster.listen_to_loopback()}{conf}\n{files}")
        (cluster.data / "pg_hba.conf").write_text(hba)
        (cluster.data / "root.crt").write_text((folder / "ca.crt").read_text())
        _openssl("genpkey", "-algorithm", "ed25519", "-out", str(folder / "audit.pem"))
        yield cluster
    finally:
        cluster.remove()


def _openssl(*command: str) -> None:
    subprocess.run(["openssl", *command], check=True, capture_output=True)


def _findings(cluster: Cluster, user: str = "postgres", passed: bool = False) -> list[Row]:
    call = f"SELECT coalesce(json_agg(f), '[]') FROM audit_immutable.network_findings(passed => {passed}) AS f"
    run = subprocess.run([*psql.PLAIN, *psql.STRICT, "-v", "VERBOSITY=verbose", "-U", user, "-c", call],
                         env=cluster.environment, capture_output=True, text=True)
    if run.returncode:
        raise psql.PsqlError(run.stderr)
    found: list[Row] = json.loads(run.stdout)
    return found


def _with(rows: list[Row], *statuses: str) -> set[str]:
    return {str(row["item"]) for row in rows if row["status"] in statuses}


FOUND = ("FAIL", "WARN", "MANUAL")


def wrong(each: Ring, count: Count) -> None:
    """Everything wrong, seen by each who may ask, and mended."""
    conf = (HERE / "wrong.conf").read_text() + f"shared_preload_libraries = '{each.preload}'\n"
    also = {"preload"} if not each.preload else {"checkpoint_interval"}
    conf += "audit_immutable.checkpoint_interval = 0\n" if each.preload else ""
    hba = (HERE / "wrong_hba.conf").read_text()
    if each.preload:
        conf += "ssl = on\n"
    else:       # PostgreSQL does not show lines for TLS where there is none
        also.add("tls")
        hba = hba.replace("hostssl", "host")
    with _server(conf, hba) as cluster:
        psql.load(cluster, HERE / "wrong.sql")
        _spoil(cluster)
        with _stranger(cluster) as is_there:
            expected = {*WRONG, *also, *({"sessions_without_tls"} if is_there else ())}
            if not is_there:
                print("network_findings: this machine has no address but loopback: sessions_without_tls is not tried")
            rows = _findings(cluster)
        found = _with(rows, *FOUND)
        for item in sorted(expected):
            _check(count, f"{each.name}: {item} is found", item in found)
        _check(count, f"{each.name}: nothing else is, and nothing is skipped: {found - expected}",
               found == expected and not _with(rows, "SKIP"))
        _callers(cluster, each, count, expected - {"sessions_without_tls"})
        _mend(cluster, rows)
        left = _findings(cluster)
        _check(count, f"{each.name}: what was printed mends all: {left}", not left)
        _check(count, f"{each.name}: nor does pg_monitor find anything",
               _with(_findings(cluster, "monitor"), "FAIL", "WARN", "MANUAL") == set())
        passed = _findings(cluster, passed=True)
        _check(count, f"{each.name}: every check passes, once", _with(passed, "PASS") >= expected
               and len(passed) == len(_with(passed, "PASS")))


def _spoil(cluster: Guarded) -> None:
    """What can only be wrong in a server that runs: its files, changed since."""
    loaded = "SELECT pg_reload_conf()"
    (cluster.data / "pg_ident.conf").write_text("anybody /^(.*)$ \\1\n")
    with (cluster.data / "postgresql.conf").open("a") as file:
        file.write("max_connections = 90\n")
    psql.query(cluster, loaded)
    _until(cluster, "SELECT bool_or(pending_restart) FROM pg_settings")
    # A file's time is known to the second: the next one.
    _until(cluster, "SELECT now() > date_trunc('second', pg_conf_load_time()) + interval '1.1 s'")
    with (cluster.data / "postgresql.conf").open("a") as file:
        file.write("work_mem = 'nonsense'\n")
    with (cluster.data / "pg_hba.conf").open("a") as file:
        file.write("host postgres app 10.0.0.0/8 nonsense\n")


def _until(cluster: Cluster, condition: str) -> None:
    deadline = time.monotonic() + 60
    while psql.query(cluster, condition) != "t":
        if time.monotonic() > deadline:
            raise TimeoutError(condition)
        time.sleep(0.05)


@contextmanager
def _stranger(cluster: Guarded) -> Iterator[bool]:
    """A session over a network and without TLS, from this machine's own address; False where it has none."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("203.0.113.1", 9))       # nothing is sent
            address = probe.getsockname()[0]
    except OSError:
        yield False
        return
    conninfo = f"host={address} user=app sslmode=disable"
    with subprocess.Popen([*psql.PLAIN, conninfo], env=cluster.environment, stdin=subprocess.PIPE) as session:
        _until(cluster, "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE usename = 'app')")
        yield True
        assert session.stdin
        session.stdin.close()


def _callers(cluster: Cluster, each: Ring, count: Count, expected: set[str]) -> None:
    """A member of pg_monitor, a role that was let, and one that was not."""
    for user, hidden in (("monitor", HIDDEN), ("nobody", HIDDEN_MORE)):
        rows = _findings(cluster, user, passed=True)
        _check(count, f"{each.name}: {user} is told what he may not see: {_with(rows, 'SKIP') ^ hidden}",
               _with(rows, "SKIP") == hidden)
        _check(count, f"{each.name}: and finds the rest: {(expected - hidden) ^ _with(rows, *FOUND)}",
               _with(rows, *FOUND) - {"sessions_without_tls"} == expected - hidden)
        _check(count, f"{each.name}: none of it passes", not _with(rows, "PASS") & (expected | hidden))
    try:
        _findings(cluster, "stranger")
        refused = False
    except psql.PsqlError as error:
        refused = "42501" in str(error)
    _check(count, f"{each.name}: who was not let may not ask", refused)


def _mend(cluster: Guarded, rows: list[Row]) -> None:
    """Does what the remedies say, as they say it; the key alone is where the tests may have one."""
    lines: dict[tuple[str, int], str] = {}
    commands: list[str] = []
    for row in rows:
        remedy = str(row["remedy"]).replace("/etc/postgresql/audit.pem", f"{cluster.directory}/audit.pem")
        if line := LINE.fullmatch(remedy):
            lines[line["file"], int(line["line"])] = line["text"]
        elif remedy.startswith("pg_"):
            commands.append(remedy)
        else:
            _sql(cluster, remedy)
    for name in {file for file, _ in lines}:
        path = cluster.data / name
        text = path.read_text().splitlines()
        for (file, number), better in lines.items():
            if file == name:
                text[number - 1] = better
        path.write_text("\n".join(text) + "\n")
    cluster.stop()
    if "pg_checksums --enable" in commands:
        subprocess.run(["pg_checksums", "--enable", "--no-sync", "-D", str(cluster.data)], check=True, capture_output=True)
    cluster.start()


def _sql(cluster: Cluster, statement: str) -> None:
    # The settings of the extension are known where its library is, as in the session that asked.
    run = subprocess.run([*psql.PLAIN, *psql.STRICT, "-c", "LOAD 'audit_immutable'", "-c", statement],
                         env=cluster.environment, capture_output=True, text=True)
    if run.returncode:
        raise psql.PsqlError(f"{statement}: {run.stderr}")


def documented(count: Count) -> None:
    """The configuration of docs/NETWORK.md, on a server as initdb makes it: nothing is found."""
    text = (Path(__file__).parents[2] / "docs" / "NETWORK.md").read_text()
    conf, hba, script = _blocks(text)
    with _server("", "local all all trust\n") as cluster:
        psql.query(cluster, "CREATE EXTENSION audit_immutable; CREATE TABLE log (what text) USING audit_immutable")
        psql.query(cluster, "ALTER ROLE postgres PASSWORD 'secret' VALID UNTIL 'infinity'")
        before = _with(_findings(cluster), *FOUND)
        _check(count, "docs/NETWORK.md: there is something to find before", len(before) > 10)
        psql.query(cluster, script)
        conf = conf.replace("/etc/postgresql/audit.pem", f"{cluster.directory}/audit.pem")
        for line in conf.splitlines():      # where certificates and sockets of the tests are
            if line.startswith(("ssl_cert_file", "ssl_key_file", "listen_addresses")):
                conf = conf.replace(line, "")
        with (cluster.data / "postgresql.conf").open("a") as file:
            file.write(conf)
        (cluster.data / "pg_hba.conf").write_text(hba)
        cluster.stop()
        subprocess.run(["pg_checksums", "--enable", "--no-sync", "-D", str(cluster.data)], check=True, capture_output=True)
        cluster.start()
        left = _findings(cluster)
        _check(count, f"docs/NETWORK.md: nothing is found: {left}", not left)
        listed = set(re.findall(r"`([a-z0-9_]+)`", "".join(row for row in text.splitlines() if row.startswith(TABLES))))
        passed = _with(_findings(cluster, passed=True), "PASS")
        _check(count, f"docs/NETWORK.md: it names every check: {listed ^ passed}", listed == passed)
        _later(cluster, count)
        _many(cluster, count)


def _later(cluster: Guarded, count: Count) -> None:
    """What goes wrong in a server that was set up well, and cannot go wrong together with the rest."""
    key = cluster.directory / "audit.pem"
    key.rename(key.with_suffix(".away"))
    wanted = {"checkpoint_age", "log_destination", "archive_command", "hba_error"}    # of lines for TLS, without TLS
    if psql.query(cluster, "SELECT count(*) FROM pg_available_extensions WHERE name = 'adminpack'") == "1":
        psql.query(cluster, "CREATE EXTENSION adminpack")
        wanted.add("adminpack")     # PostgreSQL 17 has none
    for statement in ("ALTER SYSTEM SET audit_immutable.checkpoint_interval = 1", "ALTER SYSTEM SET log_destination = ''",
                      "ALTER SYSTEM SET archive_command = ''", "ALTER SYSTEM SET ssl = off", "SELECT pg_reload_conf()",
                      "INSERT INTO log VALUES ('a row without a checkpoint')"):
        _sql(cluster, statement)
    deadline = time.monotonic() + 60
    while (found := _with(_findings(cluster), *FOUND)) != wanted and time.monotonic() < deadline:
        time.sleep(0.5)
    _check(count, f"later: {found} and not {wanted}", found == wanted)
    key.with_suffix(".away").rename(key)
    _mend(cluster, [row for row in _findings(cluster) if row["item"] != "checkpoint_age"])
    _sql(cluster, "SELECT audit_immutable.checkpoint()")
    left = _findings(cluster)
    _check(count, f"later: mended: {left}", not left)


def _many(cluster: Guarded, count: Count) -> None:
    """However many things are wrong, a hundred of a kind are listed."""
    psql.query(cluster, "DO $$ BEGIN FOR n IN 1..1000 LOOP EXECUTE format('CREATE ROLE many_%s LOGIN', n); END LOOP; END $$")
    with (cluster.data / "pg_hba.conf").open("a") as file:
        file.writelines(f"local many_{number} all trust\n" for number in range(10_000))
    rows = _findings(cluster)
    for item, more in (("hba_trust", 9900), ("connection_limits", 900)):
        of_it = [row for row in rows if row["item"] == item]
        _check(count, f"many: {item}: {len(of_it)} rows, {of_it[-1:]}", len(of_it) == 101
               and of_it[-1]["finding"] == f"and {more} more like these, or less severe")


def _blocks(text: str) -> list[str]:
    """The postgresql.conf, the pg_hba.conf and the statements of the document, in this order."""
    return [re.search(rf"^```{kind}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)[1] for kind in ("conf", "hba", "sql")]  # type: ignore[index]


def _check(count: Count, what: str, is_so: bool) -> None:
    count.add(is_so)
    if not is_so:
        print(f"network_findings: {what}: NOT OK", file=sys.stderr)


def network_findings() -> list[Count]:
    """Everything, in each ring."""
    count = Count("network_findings")
    for each in ring.chosen():
        wrong(each, count)
        print(f"{each.name} network_findings: done")
    if (Path(__file__).parents[2] / "docs").exists():
        documented(count)
    return [count]


if __name__ == "__main__":
    suite.run(network_findings)
