"""A ring's server, and what each attack does there."""
from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from harness import psql
from harness.attempt import LOST
from harness.cluster import Cluster, Database
from harness.psql import Answer, PsqlError, Session
from harness.ring import Ring
from attacks.script import Script
from attacks.verdict import Look, State, complaints

HERE = Path(__file__).parent
PATIENCE = 60       # seconds for an attack
STATE = re.compile(r"(?:ERROR|FATAL|PANIC):  (\w{5}):")
DONE, CRASH = "done", "crash"


class Arena:
    """A server on which attack after attack is tried, each in a database of its own."""

    def __init__(self, ring: Ring, cluster: Cluster) -> None:
        self.ring = ring
        self._cluster = cluster
        self._count = 0
        psql.load(cluster, HERE / "roles.sql")

    def attempt(self, script: Script) -> list[str]:
        """Tries one, and says what is not as it shall be."""
        database = self._database()
        before = _look(database)
        answer = Session(database, script.text, script.role, VERBOSITY="verbose").answer(PATIENCE)
        says = _says(answer)
        if says == CRASH or self._cluster.pid is None:
            self._cluster.stop()
            self._cluster.start()
            return [f"the server was lost: {answer.err.strip()}"]
        found = [f"it says {says}: {answer.err.strip()}"] if says != script.expected[self.ring.name].says else []
        try:
            found += complaints(script, self.ring, before, self._state(database))
        except PsqlError as error:
            found.append(f"nobody can look any more: {error}")
        psql.query(self._cluster, f"DROP DATABASE {database.name} WITH (FORCE)")
        return found

    def _database(self) -> Database:
        self._count += 1
        database = self._cluster.database(f"attacked_{self._count}")
        psql.query(self._cluster, f"CREATE DATABASE {database.name} TEMPLATE template0")
        psql.load(database, HERE / "setup.sql")
        return database

    def _state(self, database: Database) -> State:
        seen = psql.query(database, "SELECT who, what FROM m.seen")
        verdict = psql.answer(database, HERE / "verdict.sql")
        return State(_look(database), seen.splitlines(), verdict.splitlines())


def _look(database: Database) -> Look:
    """What a superuser sees there. The rows come last: a plain SELECT of a superuser's plans with the users' functions."""
    rank, rows = (psql.answer(database, HERE / name) for name in ("rank.sql", "rows.sql"))
    return Look(Counter(rows.splitlines()), frozenset(rank.splitlines()))


def _says(answer: Answer) -> str:
    if LOST.search(answer.err):
        return CRASH
    return " / ".join(STATE.findall(answer.err)) or DONE
