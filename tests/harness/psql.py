"""Statements and scripts, each in a psql of its own and so in a fresh session."""
from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from harness.cluster import Cluster, Database

Server = Cluster | Database     # of a cluster, the database postgres

PLAIN = ("psql", "-X", "-q", "-A", "-t")        # nobody's psqlrc, and nothing but the answers
STRICT = ("-v", "ON_ERROR_STOP=1")
HANGS = "HANGS"         # in the place of a SQLSTATE


class PsqlError(Exception):
    """A statement failed that had to succeed."""


def query(server: Server, sql: str) -> str:
    """The answer to statements that must succeed."""
    return _run(server, "-c", sql).removesuffix("\n")


def load(server: Server, script: Path) -> None:
    """Runs a script that must succeed to its end."""
    _run(server, "-f", str(script))


def answer(server: Server, script: Path) -> str:
    """What a script that must succeed prints."""
    return _run(server, "-f", str(script))


def _run(server: Server, *arguments: str) -> str:
    run = subprocess.run([*PLAIN, *STRICT, *arguments], env=server.environment, capture_output=True, text=True)
    if run.returncode:
        raise PsqlError(run.stderr)
    return run.stdout


@dataclass(frozen=True)
class Answer:
    """What psql printed, to either side."""

    out: str
    err: str


class Session:
    """A psql at work on a script. After an error it goes on with the next statement."""

    def __init__(self, server: Server, script: str, user: str = "postgres", **variables: str) -> None:
        settings = [part for name, value in variables.items() for part in ("-v", f"{name}={value}")]
        # A file and not a pipe: psql may end before it has read it.
        with tempfile.TemporaryFile("w+") as file:
            file.write(script)
            file.seek(0)
            self._psql = subprocess.Popen([*PLAIN, "-U", user, *settings, "-f", "-"], env=server.environment,
                                          stdin=file, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def answer(self, patience: float | None = None) -> Answer:
        """Waits for its end, `patience` seconds at most: then it is ended, and says so."""
        try:
            return Answer(*self._psql.communicate(timeout=patience))
        except subprocess.TimeoutExpired:
            self._psql.kill()
            out, err = self._psql.communicate()
            return Answer(out, f"{err}ERROR:  {HANGS}: it did not end in {patience} s\n")
