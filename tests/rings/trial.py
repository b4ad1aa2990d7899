"""All ways in one ring: what happens is written down and judged."""
from __future__ import annotations

from pathlib import Path

from harness import golden, version
from harness.attempt import Attempt, Outcome
from harness.cluster import Cluster
from harness.counting import Count
from harness.ring import Ring
from rings.verdict import complaint
from rings.way import Role, Way

HERE = Path(__file__).parent


class Trial:
    """A ring's server, and the transcript."""

    def __init__(self, ring: Ring, cluster: Cluster, count: Count) -> None:
        self.ring = ring
        self.cluster = cluster
        self._count = count
        self._transcript: list[str] = []

    def write(self, line: str) -> None:
        """A line of the transcript."""
        self._transcript.append(line)

    def attempt(self, way: Way, role: Role) -> Attempt:
        """Begins one."""
        return Attempt(self.cluster, role.value, way.statements, undone=way.in_transaction)

    def judge(self, way: Way, role: Role, outcome: Outcome) -> None:
        """Writes an attempt down and counts it; one that went wrong is told at once."""
        wrong = complaint(way.expect, self.ring, outcome)
        line = f"{role.name.lower()}: {outcome}"
        self.write(f"    {line}{f' !! {wrong}' if wrong else ''}")
        self._count.add(not wrong)
        if wrong:
            print(f"{self.ring.name}: {wrong}; ways:{way.line} says {way.expect}\n    {way.statements}\n        {line}")
        if outcome.crashed:
            self.cluster.stop()
            self.cluster.start()

    def finish(self, suffix: str) -> None:
        """A last look at the evidence; then the whole transcript has to be the expected one. The next begins empty."""
        last = Attempt(self.cluster, Role.SUPERUSER.value, "", undone=False).outcome()
        self.write(f"\nat the end: state: {last.state}")
        transcript = "\n".join([*self._transcript, ""])
        since = version.said_since(HERE / "expected" / "said_since")
        self._count.add(golden.as_expected(HERE, f"{self.ring.name}{suffix}.out", transcript, since))
        self._transcript.clear()

    def show(self) -> None:
        """The transcript on the screen, compared with nothing."""
        print(f"{self.ring.name}:", *self._transcript, sep="\n")
        self._transcript.clear()
