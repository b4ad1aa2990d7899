"""A server under load whose processes are killed, again and again: after each recovery the index leads to every row."""
from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

from harness.cluster import Cluster, running
from harness.counting import Count
from harness.psql import PsqlError, Session, load, query

HERE = Path(__file__).parent
WRITERS = 4
CONF = """
max_prepared_transactions = 20
restart_after_crash = on
autovacuum_naptime = 1s
checkpoint_timeout = 30s
fsync = on
"""
TABLE = "CREATE SCHEMA h; CREATE TABLE h.t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text) USING audit_immutable"
# Rows one by one, many at once, rolled back, in savepoints; and what another session does meanwhile.
LOAD = r"""
SELECT format('INSERT INTO h.t (v) SELECT repeat(''x'', %s) FROM generate_series(1, %s)', 1 + n % 900, CASE WHEN n % 7 = 0 THEN 50 ELSE 1 END),
       CASE WHEN n % 5 = 0 THEN 'BEGIN; INSERT INTO h.t (v) SELECT repeat(''y'', 300) FROM generate_series(1, 20); SAVEPOINT s;'
            ' INSERT INTO h.t (v) VALUES (''z''); ROLLBACK TO s; INSERT INTO h.t (v) VALUES (''w''); COMMIT' END,
       CASE WHEN n % 11 = 0 THEN 'BEGIN; INSERT INTO h.t (v) SELECT repeat(''u'', 200) FROM generate_series(1, 60); ROLLBACK' END
FROM generate_series(1, 100000) AS n
\gexec
"""


def part(count: Count, cycles: int) -> None:
    """So many times."""
    numbers = random.Random(1)
    with running(CONF + "shared_preload_libraries = 'audit_immutable'\n") as cluster:
        load(cluster, HERE / "setup.sql")
        load(cluster, HERE / "judge.sql")
        query(cluster, TABLE)
        for cycle in range(cycles):
            writers = [Session(cluster, LOAD) for _ in range(WRITERS)]
            time.sleep(numbers.uniform(0.2, 1.5))
            _kill(cluster, numbers)
            for writer in writers:
                writer.answer(patience=60)
            _wait(cluster)
            wrong = query(cluster, "SELECT judge.wrong('h.t'); SELECT judge.answers('h.t')")
            count.add(not wrong)
            if wrong:
                print(f"crash {cycle}:", wrong, sep="\n")
            # From time to time a new one, so that the judge's work does not grow without end.
            if cycle % 10 == 9:
                query(cluster, "SELECT audit_immutable.retire('h.t', 'another one'); DROP SCHEMA h CASCADE; " + TABLE)
        (cluster.log).write_text("")        # these crashes were ours


def _kill(cluster: Cluster, numbers: random.Random) -> None:
    """One of the backends that write; the server recovers from its log."""
    try:
        pids = query(cluster, "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()")
    except PsqlError:
        return
    if pids:
        os.kill(int(numbers.choice(pids.split())), signal.SIGKILL)


def _wait(cluster: Cluster) -> None:
    deadline = time.monotonic() + 120
    while True:
        try:
            query(cluster, "SELECT 1")
            return
        except PsqlError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
