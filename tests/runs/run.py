#!/usr/bin/env python3
"""Whether the index of the chains leads to every row, after random histories and after crashes.
Started by tools/run.sh.

Settings: AUDIT_HISTORIES  how many histories; 10000 in `make test-long`
          AUDIT_HISTORY    the number of the first; what is wrong names its own
          AUDIT_CRASHES    how often a server under load is killed; 200 in `make test-long`
"""
import os
from pathlib import Path

from harness import suite
from harness.cluster import Cluster, running
from harness.counting import Count
from harness.psql import load

from runs import crashes
from runs.history import WRITERS, History
from runs.talk import Talk

HERE = Path(__file__).parent
CONF = """
max_prepared_transactions = 20
autovacuum = off
log_min_messages = fatal
lock_timeout = 200ms         # a prepared transaction may have what another waits for
"""


def runs() -> list[Count]:
    """The histories and the crashes, with the library preloaded and without."""
    count = Count("runs")
    first, number = (int(os.environ.get(name, default)) for name, default in (("AUDIT_HISTORY", 1), ("AUDIT_HISTORIES", 200)))
    for preload in ("", "shared_preload_libraries = 'audit_immutable'\n"):
        with running(CONF + preload) as cluster:
            load(cluster, HERE / "setup.sql")
            load(cluster, HERE / "judge.sql")
            _histories(cluster, range(first, first + (number + 1) // 2), "ring 3" if preload else "ring 2", count)
    crashes.part(count, int(os.environ.get("AUDIT_CRASHES", 20)))
    return [count]


def _histories(cluster: Cluster, numbers: range, ring: str, count: Count) -> None:
    sessions = [Talk(cluster) for _ in range(WRITERS + 1)]
    for number in numbers:
        history = History(number, sessions, cluster.directory)
        wrong = history.play()
        count.add(not wrong)
        if wrong:
            print(f"history {number}, {ring}:", *history.said, *wrong, sep="\n    ")
    for session in sessions:
        session.end()


if __name__ == "__main__":
    suite.run(runs)
