"""A ring's server, and what each attack does there."""
from __future__ import annotations

import time
from pathlib import Path

from harness import psql, sight
from harness.attempt import LOST
from harness.cluster import Database
from harness.psql import Answer, PsqlError, Session
from harness.ring import Ring
from harness.stage import STATE, Stage
from attacks.script import Script
from attacks.verdict import Look, State, complaints

HERE = Path(__file__).parent
PATIENCE = 180      # seconds for an attack; most take one, on a machine that has nothing else to do
DONE, LOST_STATE = "done", "lost"


class Arena:
    """A server on which attack after attack is tried, each in a database of its own."""

    def __init__(self, ring: Ring) -> None:
        self.ring = ring
        self._stage = Stage(HERE, ring)

    def __enter__(self) -> Arena:
        self._stage.__enter__()
        return self

    def __exit__(self, *reason: object) -> None:
        self._stage.__exit__(*reason)

    def attempt(self, script: Script) -> list[str]:
        """Tries one, and says what is not as it shall be."""
        database = self._stage.database()
        before = _look(database)
        answer = Session(database, script.text, script.role, VERBOSITY="verbose").answer(PATIENCE)
        if not self._server_lives():
            self._stage.renew()
            return [f"the server was lost: {answer.err.strip()}"]
        says = _says(answer)
        found = [f"it says {says}: {answer.err.strip()}"] if says != script.expected[self.ring.name].says else []
        try:
            after = self._state(database)
        except PsqlError as error:
            # It may have gone down after it answered a last time.
            lost = not self._server_lives()
            self._stage.renew()
            return [f"the server was lost: {answer.err.strip()}"] if lost else [*found, f"nobody can look any more: {error}"]
        found += complaints(script, self.ring, before, after)
        if _rank(database) - before.rank:
            # A role is everywhere in the server: the next attacker would have what this one gained, or what our own look
            # at the rows gave it.
            self._stage.renew()
        else:
            self._stage.drop(database)
        return found

    def _server_lives(self) -> bool:
        """A server that goes down refuses connections before its process is gone."""
        deadline = time.monotonic() + PATIENCE
        while self._stage.cluster.pid is not None and time.monotonic() < deadline:
            try:
                psql.query(self._stage.cluster, "SELECT")
                return True
            except PsqlError:
                time.sleep(0.05)
        return False

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
