"""What another partition costs those who write to the others: the locks of a plain one. And, with AUDIT_PARTITIONS, how
long eight writers wait while that many are made, beside a tree of plain tables."""
from __future__ import annotations

import os
import subprocess
import tempfile
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
WRITERS, ROUNDS = 8, 10


def part(count: Count) -> None:
    """The locks; the writers, if asked for."""
    judge = Judge(count)
    with running("shared_preload_libraries = 'audit_immutable'\nmax_connections = 50\n") as cluster:
        load(cluster, HERE / "partitions.sql")
        for kind in STORED:
            query(cluster, f"call make('{kind}', 1, {LEAVES}, false)")
        _locks(cluster, judge)
        many = int(os.environ.get("AUDIT_PARTITIONS", "0"))
        if many:
            _writers(cluster, judge, many)
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
    """Half of the leaves are made by either way, in turns with as many plain ones."""
    each, made = many // 2 // ROUNDS, LEAVES
    for name, attached in (("CREATE TABLE ... PARTITION OF", "false"), ("CREATE TABLE, then ATTACH", "true")):
        waits: dict[str, list[int]] = {kind: [] for kind in STORED}
        for _ in range(ROUNDS):
            for kind in STORED:
                waits[kind] += _written(cluster, kind, f"call make('{kind}', {made + 1}, {made + each}, {attached})")
            made += each
        for kind, took in waits.items():
            took.sort()
            print(f"       {name}, {each * ROUNDS} leaves, {WRITERS} writers, {kind}: {len(took)} rows, of which half took "
                  f"{took[len(took) // 2] / 1000:.1f} ms, 99 % {took[len(took) * 99 // 100] / 1000:.1f} ms, "
                  f"the longest {took[-1] / 1000:.1f} ms")
        judge.true(f"{name}: all writers wrote", all(waits.values()), "some wrote nothing")
    leaves = query(cluster, "select count(*) from pg_partition_tree('audit.root') where isleaf")
    judge.equal("leaves", int(leaves), made + 2)


def _written(cluster: Cluster, kind: str, meanwhile: str) -> list[int]:
    """How long each row took, in microseconds, while something else was done."""
    with tempfile.TemporaryDirectory(prefix="audit_writers.") as folder:
        script = Path(folder) / "insert.sql"
        script.write_text(f"\\set k random(1, {LEAVES})\ninsert into {kind}.root select :k, repeat('x', 100) from public.go;\n")
        command = ["pgbench", "-n", "-c", str(WRITERS), "-j", "2", "-T", "600", "-f", str(script), "-l",
                   f"--log-prefix={folder}/rows", "postgres"]
        with subprocess.Popen(command, env=cluster.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as writers:
            query(cluster, meanwhile)
            # They end by an error, and write down what they have measured.
            query(cluster, "alter table public.go rename to stop")
            writers.wait()
        query(cluster, "alter table public.stop rename to go")
        return [int(line.split()[2]) for file in Path(folder).glob("rows*") for line in file.read_text().splitlines()]
