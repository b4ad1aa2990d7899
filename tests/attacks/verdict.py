"""What an attack left behind, and whether it is as it shall be."""
from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from attacks.script import Script
from harness.ring import Ring


@dataclass(frozen=True)
class Look:
    """The rows of all audit tables, each behind its table's name, and who is what and owns what."""

    rows: Counter[str]
    rank: frozenset[str]


@dataclass(frozen=True)
class State:
    """A look afterwards; as whom booby-trapped functions ran; and verify's findings, each behind its kind."""

    look: Look
    seen: list[str]
    verdict: list[str]


def complaints(script: Script, ring: Ring, before: Look, after: State) -> list[str]:
    """What is not as it shall be, in sentences."""
    wanted = script.expected[ring.name].findings
    gone = [row for row in (before.rows - after.look.rows).elements() if _first(row) not in script.may_change]
    found = {_first(line) for line in after.verdict}
    return [
        *(f"a row is gone or changed: {row}" for row in gone),
        *(f"somebody gained: {line}" for line in sorted(after.look.rank - before.rank)),
        *(f"a user's code ran as somebody else: {line}" for line in after.seen if _first(line) not in script.may_run_as),
        *(f"verify does not find {kind}" for kind in sorted(wanted - found)),
        *(f"verify finds {line}" for line in after.verdict if _first(line) not in wanted),
    ]


def unforeseen(script: Script, complaints: list[str]) -> list[str]:
    """The complaints that the script does not foresee, and those that it does and that were not made."""
    return [
        *(complaint for complaint in complaints if not complaint.startswith(script.complains)),
        *(f"nothing begins with: {words}" for words in script.complains
          if not any(complaint.startswith(words) for complaint in complaints)),
    ]


def _first(line: str) -> str:
    return line.split("|", 1)[0]
