"""What somebody tried: what they were told, and what became of the evidence."""
from __future__ import annotations

import re
from dataclasses import dataclass

from harness.cluster import Cluster
from harness.golden import Mask, masked
from harness.psql import Answer, Session

DONE = "done"
CRASH = "CRASH: "

# psql's own words stand before a message; a message has its level, and in verbose form its SQLSTATE.
PLACE = re.compile(r"^psql:\S*: ")
MESSAGE = re.compile(r"^(?:ERROR|FATAL|PANIC|WARNING):  ")
LOST = re.compile(r"server closed|connection to server")
# A GRANT or REVOKE without effect is a warning, and no refusal.
WITHOUT_EFFECT = "no privileges could be revoked"

LIBRARY = Mask(r'"/[^"]*/(\w+\.so)"', r'"\1"')
MASKS = (
    Mask(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "LOG"),
    Mask(r"(?<!\w)\d{5,}(?!\w|: )", "OID"),         # before a colon and a space it is a SQLSTATE
    Mask(r"pg_temp_\d+", "pg_temp"),
    LIBRARY,
)


@dataclass(frozen=True)
class Outcome:
    """`said` is DONE or the errors; `state` is what judge.state() found afterwards, in the same session."""

    said: str
    state: str

    @property
    def done(self) -> bool:
        """Nothing was refused."""
        return self.said == DONE

    @property
    def whole(self) -> bool:
        """All rows are as they were, and verify is intact."""
        return self.state.startswith("whole")

    @property
    def crashed(self) -> bool:
        """The server was lost."""
        return CRASH in self.said

    def __str__(self) -> str:
        return f"{self.said} | {self.state}"


class Attempt:
    """Statements under way in a fresh session; `undone`, they are rolled back after the look at the evidence."""

    def __init__(self, cluster: Cluster, user: str, statements: str, undone: bool) -> None:
        script = f"{statements};\nSELECT judge.state();\n"
        if undone:
            script = f"BEGIN;\n{script}ROLLBACK;\n"
        self._session = Session(cluster, script, user, ON_ERROR_ROLLBACK="on", VERBOSITY="verbose")

    def outcome(self) -> Outcome:
        """Waits for the end."""
        return outcome_of(self._session.answer())


def outcome_of(answer: Answer) -> Outcome:
    """What psql's words mean."""
    said = filter(None, map(_message, answer.err.splitlines()))
    states = [line.removeprefix("state: ") for line in answer.out.splitlines() if line.startswith("state: ")]
    return Outcome(masked(" / ".join(said), MASKS) or DONE, masked(states[-1], [LIBRARY]) if states else "unknown")


def _message(line: str) -> str | None:
    """An error, a warning, or the loss of the server; None for the rest, like DETAIL and LOCATION."""
    if WITHOUT_EFFECT in line:
        return None
    text = PLACE.sub("", line)
    if LOST.search(text):
        return CRASH + text
    return MESSAGE.sub("", text) if MESSAGE.match(text) else None
