"""What another partition costs those who write to the others: the locks of a plain one; and how long eight writers wait
while AUDIT_PARTITIONS are made, beside a tree of plain tables. How long is told, and no verdict: that goes by the
machine, and by what else it does."""
from __future__ import annotations

import os
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from harness.cluster import Cluster, running
from harness.counting import Count
from harness.psql import Session, load, query
from limits.judge import Judge

HERE = Path(__file__).parent
LEAVES = 20
# Each is done in a transaction that is rolled back; {0} is the tree, {1} how its tables are stored.
WAYS = {
    "CREATE TABLE ... PARTITION OF": "create table {0}.new partition of {0}.root for values in (-1) {1}",
    "ATTACH of a table without rows": "create table {0}.new (like {0}.root including defaults) {1}; commit; begin; "
                                      "alter table {0}.root attach partition {0}.new for values in (-1)",
    "ATTACH of a table with rows": "create table {0}.new (like {0}.root including defaults) {1}; "
                                   "insert into {0}.new (k) select -1 from generate_series(1, 1000); commit; begin; "
                                   "alter table {0}.root attach partition {0}.new for values in (-1)",
}
DETACH = {"audit": "select from audit_immutable.detach('audit.leaf_1', 'a test')",
          "plain": "alter table plain.root detach partition plain.leaf_1"}
STORED = {"audit": "using audit_immutable", "plain": "using heap"}
# How a leaf is made while others write: {0} is the tree, {1} its number, {2} how it is stored.
MADE = {
    "CREATE TABLE ... PARTITION OF": ["create table {0}.leaf_{1} partition of {0}.root for values in ({1}) {2}"],
    "CREATE TABLE, then ATTACH": ["create table {0}.leaf_{1} (like {0}.root including defaults) {2}",
                                  "alter table {0}.root attach partition {0}.leaf_{1} for values in ({1})"],
}
WRITERS, ROUNDS = 8, 10
# Waits until every writer has connected.
AT_WORK = f"""do $$ begin
    while (select count(*) from pg_stat_activity where application_name = 'pgbench') < {WRITERS} loop
        perform pg_sleep(0.01);
        perform pg_stat_clear_snapshot();
    end loop;
end $$"""


def part(count: Count) -> None:
    """The locks; the writers, if asked for."""
    judge = Judge(count)
    with running("shared_preload_libraries = 'audit_immutable'\nmax_connections = 50\n") as cluster:
        load(cluster, HERE / "partitions.sql")
        for kind in STORED:
            query(cluster, f"call make('{kind}', 1, {LEAVES})")
        _locks(cluster, judge)
        _writers(cluster, judge, int(os.environ.get("AUDIT_PARTITIONS", "8")))
        judge.equal("the tree is intact", query(cluster, "select bool_and(intact) from audit_immutable.verify('audit.root')"), "t")


def _locks(cluster: Cluster, judge: Judge) -> None:
    for name, way in WAYS.items():
        held = {kind: _held(cluster, kind, way.format(kind, stored)) for kind, stored in STORED.items()}
        judge.equal(f"{name}: {held['plain']}", held["audit"], held["plain"])
    held = {kind: _held(cluster, kind, way) for kind, way in DETACH.items()}
    judge.equal(f"DETACH: {held['plain']}", held["audit"], held["plain"])
    query(cluster, "create table audit.filled (like audit.root including defaults); insert into audit.filled (k) values (-2); "
                   "alter table audit.root attach partition audit.filled for values in (-2)")
    held_by_protect = _held(cluster, "audit", "select from audit_immutable.protect('audit.filled')")
    judge.true(f"protect of a leaf: {held_by_protect}", held_by_protect.startswith("0 leaves"), "it locks others")
    query(cluster, "select audit_immutable.protect('audit.filled')")


def _held(cluster: Cluster, kind: str, way: str) -> str:
    answer = Session(cluster, f"begin;\n{way};\nselect held('{kind}');\nrollback;\n"
                              f"select case when to_regclass('{kind}.new') is not null then 'drop' end;").answer()
    if to_drop := "drop" in answer.out.split():
        end = f"select audit_immutable.retire('{kind}.new', 'a test'); " if kind == "audit" else ""
        query(cluster, f"{end}drop table {kind}.new")
    held = [line for line in answer.out.splitlines() if "root:" in line]
    return held[0] if held else f"{answer.err} {to_drop}"


def _writers(cluster: Cluster, judge: Judge, many: int) -> None:
    """Half of the leaves are made by either way, in turns with as many plain ones, each in a session of its own."""
    rounds = min(ROUNDS, many // 4)
    each, made = many // 2 // rounds, LEAVES
    for name, steps in MADE.items():
        waits: dict[str, list[int]] = {kind: [] for kind in STORED}
        for _ in range(rounds):
            for kind, stored in STORED.items():
                leaves = [[step.format(kind, number, stored) for step in steps] for number in range(made + 1, made + each + 1)]
                waits[kind] += _waits(cluster, kind, leaves)
            made += each
        for part, word in ((0.5, "half of them at most"), (0.9, "90 %"), (1.0, "the longest")):
            audit, plain = (sorted(waits[kind])[min(int(len(waits[kind]) * part), len(waits[kind]) - 1)] / 1000
                            for kind in ("audit", "plain"))
            print(f"       {name}, {each * rounds} leaves, waits of {WRITERS} writers, {word}: {audit:.1f} ms, "
                  f"beside plain ones {plain:.1f} ms: {audit / plain:.1f} times")
        judge.true(f"{name}: all writers wrote", all(waits.values()), "none wrote")
    leaves_now = query(cluster, "select count(*) from pg_partition_tree('audit.root') where isleaf")
    judge.equal("leaves", int(leaves_now), made + 2)


def _waits(cluster: Cluster, kind: str, leaves: list[list[str]]) -> list[int]:
    """For each leaf that is made and each writer, the longest that one of its rows took meanwhile, in microseconds."""
    with tempfile.TemporaryDirectory(prefix="audit_writers.") as folder:
        script = Path(folder) / "insert.sql"
        script.write_text(f"\\set k random(1, {LEAVES})\ninsert into {kind}.root select :k, repeat('x', 100) from public.go;\n")
        command = ["pgbench", "-n", "-c", str(WRITERS), "-j", "2", "-T", "600", "-f", str(script), "-l",
                   f"--log-prefix={folder}/rows", "postgres"]
        made = []
        with subprocess.Popen(command, env=cluster.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as writers:
            query(cluster, AT_WORK)
            for steps in leaves:
                began = time.time()
                for step in steps:
                    query(cluster, step)
                made.append((began, time.time()))
                query(cluster, "select pg_sleep(0.05)")
            # They end by an error, and write down what they have measured.
            query(cluster, "alter table public.go rename to stop")
            writers.wait()
        query(cluster, "alter table public.stop rename to go")
        rows = [Row.parse(line) for file in Path(folder).glob("rows*") for line in file.read_text().splitlines()]
    by_writer = [[row for row in rows if row.writer == writer] for writer in range(WRITERS)]
    longest = [max((row.took for row in mine if row.is_during(*when)), default=0) for when in made for mine in by_writer]
    return [wait for wait in longest if wait]


@dataclass(frozen=True)
class Row:
    """A row that a writer has written."""

    writer: int
    took: int           # microseconds
    ended: float

    @classmethod
    def parse(cls, line: str) -> Row:
        """A line of pgbench's log: client, number, time, script, and when it ended in seconds and microseconds."""
        writer, _, took, _, seconds, microseconds = (int(word) for word in line.split()[:6])
        return cls(writer, took, seconds + microseconds / 1e6)

    def is_during(self, began: float, ended: float) -> bool:
        """Whether it was under way at that time."""
        return self.ended > began and self.ended - self.took / 1e6 < ended
