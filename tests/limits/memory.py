"""Asking for too much, on a server that has 3 GB of addresses: each of `ways` ends as it says, the server is still up,
every row that came in can be read as a line, exported and verified.
"""
from __future__ import annotations

import os
import re
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.cluster import Cluster, running
from harness.counting import Count
from harness.psql import Session, load, query
from limits import signed
from limits.judge import Judge

HERE = Path(__file__).parent
ADDRESSES = 3 << 30
CONF = """
shared_preload_libraries = 'audit_immutable'
max_parallel_workers_per_gather = 2
autovacuum = off
shared_buffers = '64MB'
statement_timeout = '10min'
max_wal_size = '4GB'
"""
TITLE = re.compile(r"-- (?P<name>.+) \| (?P<user>\w+) \| (?P<states>[\w ]+)")
ERROR = re.compile(r"^(?:psql:<stdin>:\d+: )?(?:ERROR|FATAL): +(\w{5})", re.MULTILINE)


@dataclass(frozen=True)
class Way:
    """One way to ask for too much: who does it, and what comes of its statements."""

    name: str
    user: str
    states: str
    statements: str


def part(count: Count) -> None:
    """Tries each way."""
    judge = Judge(count)
    with signed.conf(CONF) as conf, _limited(), running(conf) as cluster:
        load(cluster, HERE / "memory.sql")
        before = cluster.pid
        only = os.environ.get("AUDIT_WAYS", "")
        for way in (way for way in _ways(HERE / "ways") if only in way.name):
            _try(cluster, way, judge)
        judge.equal("the server is the one that was started", cluster.pid, before)
        judge.equal("no process crashed", cluster.crashes(), "")
        _read_all(cluster, judge)


@contextmanager
def _limited() -> Iterator[None]:
    """What is started in the block may not have more addresses."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, hard))
    yield
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _ways(file: Path) -> list[Way]:
    found = []
    for block in re.split(r"\n(?=-- .+ \| )", file.read_text())[1:]:
        title, _, statements = block.partition("\n")
        match = TITLE.fullmatch(title)
        assert match, title
        found.append(Way(match["name"], match["user"], match["states"], statements))
    return found


def _try(cluster: Cluster, way: Way, judge: Judge) -> None:
    begun = time.monotonic()
    script = f"\\set VERBOSITY verbose\n\\o /dev/null\n{way.statements}"
    answer = Session(cluster, script, user=way.user).answer()
    states = " ".join(ERROR.findall(answer.err)) or "done"
    title = f"{way.name}: {states}, {time.monotonic() - begun:.1f} s"
    judge.true(title, states in way.states.split(" or "), f"wanted {way.states}: {answer.err[:500]}")


def _read_all(cluster: Cluster, judge: Judge) -> None:
    """What came in can be handed out."""
    judge.equal("everything is intact", query(cluster, """
        select string_agg(relation::text || ': ' || first_finding, e'\\n') from audit_immutable.verify()
        where not intact"""), "")
    for table in query(cluster, "select relation from audit_immutable.log where relation::text like 'm.%'").split():
        rows = query(cluster, f"select count(*) from {table}")
        judge.equal(f"{table}: each of {rows} rows is exported", query(cluster, f"""
            copy (select length(line) from audit_immutable.export('{table}') as line) to '/dev/null';
            select count(*) - 1 from audit_immutable.export('{table}')"""), rows)
        judge.equal(f"{table}: each row has its line", query(cluster, f"""
            select count(*) from {table}
            where sha256(convert_to(audit_immutable.line('{table}', audit_chain, audit_seq), 'UTF8')) = audit_hash"""),
            rows)
