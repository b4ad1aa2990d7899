"""A psql that goes on: one session for a whole history."""
from __future__ import annotations

import subprocess

from harness.psql import PLAIN, Server

END = "-- that is all"


class Talk:
    """A session. What it is told, it does to the end."""

    def __init__(self, server: Server) -> None:
        self._psql = subprocess.Popen([*PLAIN], env=server.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      stderr=subprocess.STDOUT, text=True)

    def say(self, sql: str) -> str:
        """The answer, errors included."""
        assert self._psql.stdin and self._psql.stdout
        try:
            self._psql.stdin.write(f"{sql}\n\\echo {END}\n")
            self._psql.stdin.flush()
        except BrokenPipeError:
            return "FATAL: the session is over"
        said = []
        for line in self._psql.stdout:
            if line.rstrip("\n") == END:
                return "".join(said).rstrip("\n")
            said.append(line)
        return "".join(said) + "FATAL: the session is over"

    def end(self) -> None:
        """Ends the session, with whatever it had not committed."""
        assert self._psql.stdin
        try:
            self._psql.stdin.close()
        except BrokenPipeError:
            pass
        self._psql.wait()
