"""A flood of DELETEs that are refused."""
import os
import subprocess
import time

from .server import fail

REFUSED = "ERROR:  42501"       # insufficient_privilege, PostgreSQL's own and ours


class Flood:
    """Sends DELETEs of a table from several sessions of psql, each its own transaction."""

    SESSIONS = 8

    def __init__(self, scratch, target, count):
        self.each = count // self.SESSIONS
        self.script = scratch / "deletes.sql"
        self.script.write_text("\\set VERBOSITY sqlstate\n" + f"DELETE FROM {target};\n" * self.each)
        self.answers = [scratch / f"deletes.{n}" for n in range(self.SESSIONS)]

    def run(self):
        """Sends them all; answers when the last was refused, and how many were a second. Each has to be refused."""
        begin = time.time()
        sessions = []
        for path in self.answers:
            with path.open("w") as answer:
                sessions.append(subprocess.Popen(["psql", "-Xq", "-f", self.script], env={**os.environ, "PGUSER": "bench_app"},
                                                 stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=answer))
        for session in sessions:
            session.wait()
        end = time.time()
        refused = sum(path.read_text().count(REFUSED) for path in self.answers)
        if refused != self.each * self.SESSIONS or any(session.returncode for session in sessions):
            fail(f"{self.each * self.SESSIONS} DELETEs sent, {refused} refused: {self.answers[0].read_text()[:500]}")
        return end, refused / (end - begin)
