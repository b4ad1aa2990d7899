"""A ring's server, and what each attack does there."""
from __future__ import annotations

import re
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from harness import cluster, psql, signing, sight
from harness.attempt import LOST
from harness.cluster import Database
from harness.psql import Answer, PsqlError, Session
from harness.ring import Ring
from attacks.script import Script
from attacks.verdict import Look, State, complaints

HERE = Path(__file__).parent
PATIENCE = 180      # seconds for an attack; most take one, on a machine that has nothing else to do
STATE = re.compile(r"(?:ERROR|FATAL|PANIC):  (\w{5}):")
DONE, LOST_STATE = "done", "lost"


class Arena:
    """A server on which attack after attack is tried, each in a database of its own."""

    def __init__(self, ring: Ring) -> None:
        self.ring = ring
        self._count = 0
        self._stack = ExitStack()

    def __enter__(self) -> Arena:
        key = signing.new_key(Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="audit_key."))))
        conf = (HERE / "postgresql.conf").read_text()
        settings = f"shared_preload_libraries = '{self.ring.preload}'\naudit_immutable.signing_key_file = '{key}'\n"
        self._cluster = self._stack.enter_context(cluster.running(f"{conf}\n{settings}"))
        psql.load(self._cluster, HERE / "roles.sql")
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def attempt(self, script: Script) -> list[str]:
        """Tries one, and says what is not as it shall be."""
        database = self._database()
        before = _look(database)
        answer = Session(database, script.text, script.role, VERBOSITY="verbose").answer(PATIENCE)
        if not self._server_lives():
            self._renew()
            return [f"the server was lost: {answer.err.strip()}"]
        says = _says(answer)
        found = [f"it says {says}: {answer.err.strip()}"] if says != script.expected[self.ring.name].says else []
        try:
            after = self._state(database)
        except PsqlError as error:
            found.append(f"nobody can look any more: {error}")
            self._renew()
            return found
        found += complaints(script, self.ring, before, after)
        if _rank(database) - before.rank:
            # A role is everywhere in the server: the next attacker would have what this one gained, or what our own look
            # at the rows gave it.
            self._renew()
        else:
            psql.query(self._cluster, f"DROP DATABASE {database.name} WITH (FORCE)")
        return found

    def _server_lives(self) -> bool:
        """A server that goes down refuses connections before its process is gone."""
        deadline = time.monotonic() + PATIENCE
        while self._cluster.pid is not None and time.monotonic() < deadline:
            try:
                psql.query(self._cluster, "SELECT")
                return True
            except PsqlError:
                time.sleep(0.05)
        return False

    def _renew(self) -> None:
        """Another server instead of this one."""
        self._stack.close()
        self.__enter__()

    def _database(self) -> Database:
        self._count += 1
        database = self._cluster.database(f"attacked_{self._count}")
        psql.query(self._cluster, f"CREATE DATABASE {database.name} TEMPLATE template0")
        psql.load(database, HERE / "setup.sql")
        return database

    def _state(self, database: Database) -> State:
        seen = psql.query(database, "SELECT who, what FROM m.seen")
        return State(_look(database), seen.splitlines(), sight.findings(database))


def _look(database: Database) -> Look:
    """What a superuser sees there. The rows come last: a plain SELECT of a superuser's plans with the users' functions."""
    rank = _rank(database)
    return Look(sight.rows(database), rank)


def _rank(database: Database) -> frozenset[str]:
    return frozenset(psql.answer(database, HERE / "rank.sql").splitlines())


def _says(answer: Answer) -> str:
    states = STATE.findall(answer.err) + ([LOST_STATE] if LOST.search(answer.err) else [])
    return " / ".join(states) or DONE
