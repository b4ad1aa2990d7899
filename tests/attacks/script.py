"""An attack: a script for psql with a header that says who tries it, and what shall come of it.

    -- What the attacker gains if this works, in a sentence or two.
    -- role: attacker             who connects
    -- rings: ring2 ring3         where it is tried; both, when it does not say
    -- since: 17                  the first PostgreSQL that has what it needs
    -- says: 42501 / 42501        the SQLSTATEs of the errors, in order, or `done`
    -- verify: intact             or what verify() finds afterwards: names of findings
    -- may change: s.a            tables of which rows may go: they are no logs any more
    -- runs as: attacker          whom m.seen may name; the role that connects, when it does not say
    -- complains: verify, a row  only in the kind `caught`: how the runner's complaints begin

A line may be of one ring: `-- says ring2: done`.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from harness import version
from harness.ring import DDL, PRELOAD, Ring

HEADER = re.compile(r"-- (?P<word>[a-z]+(?: [a-z]+)?)(?: (?P<ring>ring[23]))?: (?P<value>.*)")
WORDS = ("role", "rings", "since", "says", "verify", "may change", "runs as", "complains")
ROLES = ("attacker", "app_owner", "app_rw", "auditor", "postgres")


class HeaderError(Exception):
    """A script's header lacks something, or has something that means nothing."""


@dataclass(frozen=True)
class Expected:
    """What shall come of it in a ring."""

    says: str
    findings: frozenset[str]


@dataclass(frozen=True)
class Script:
    """A script of a kind."""

    kind: str
    name: str
    role: str
    text: str
    expected: dict[str, Expected] = field(default_factory=dict)
    may_change: frozenset[str] = frozenset()
    may_run_as: frozenset[str] = frozenset()
    complains: tuple[str, ...] = ()
    since: int = version.OLDEST

    @property
    def title(self) -> str:
        """Where it is, without the suffix."""
        return f"{self.kind}/{self.name}"

    def is_for(self, ring: Ring) -> bool:
        """Whether it is tried there."""
        return ring.name in self.expected and version.major() >= self.since


def read(folder: Path) -> Iterator[Script]:
    """All scripts, in the order of their names."""
    for path in sorted(folder.glob("*/*.sql")):
        yield parse(path.parent.name, path.stem, path.read_text())


def parse(kind: str, name: str, text: str) -> Script:
    """Reads the header, which ends with the first line that is no comment."""
    said = _header(f"{kind}/{name}", text)

    def value(word: str, ring: str, default: str | None = None) -> str:
        found = said.get((word, ring), said.get((word, ""), default))
        if found is None:
            raise HeaderError(f"{kind}/{name} has no line \"{word}\"")
        return found

    role = value("role", "")
    if role not in ROLES:
        raise HeaderError(f"{kind}/{name}: there is no role {role}")
    rings = value("rings", "", f"{DDL.name} {PRELOAD.name}").split()
    findings = {ring: value("verify", ring) for ring in rings}
    expected = {ring: Expected(value("says", ring), frozenset(findings[ring].split()) - {"intact"}) for ring in rings}
    since = int(value("since", "", str(version.OLDEST)))
    may_change = frozenset(value("may change", "", "").split())
    may_run_as = frozenset(value("runs as", "", role).split())
    complains = tuple(filter(None, value("complains", "", "").split(", ")))
    return Script(kind, name, role, text, expected, may_change, may_run_as, complains, since)


def _header(title: str, text: str) -> dict[tuple[str, str], str]:
    said = {}
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        match = HEADER.fullmatch(line)
        if match and match["word"] in WORDS:
            said[match["word"], match["ring"] or ""] = match["value"].split(" -- ")[0].strip()
    if not text.startswith("-- ") or HEADER.fullmatch(text.splitlines()[0]):
        raise HeaderError(f"{title} does not begin with what the attacker gains")
    return said
