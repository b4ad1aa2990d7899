"""Reads `ways`, whose own head explains it."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, StrEnum
from pathlib import Path


class Role(Enum):
    """Who tries; the value is the role's name in setup.sql."""

    OWNER = "alice"
    GRANTEE = "grace"
    SUPERUSER = "postgres"


LETTERS = {role.name[0].lower(): role for role in Role}


class Expect(StrEnum):
    """What shall happen."""

    REFUSE = "refuse"
    ALLOW = "allow"
    RECORD = "record"
    HARMLESS = "harmless"
    RING3 = "ring3"
    LOUD = "loud"
    MOOT = "moot"


@dataclass(frozen=True)
class Way:
    """One way round the guards."""

    line: int
    roles: tuple[Role, ...]
    expect: Expect
    in_transaction: bool
    statements: str


@dataclass(frozen=True)
class Heading:
    """What the ways below it have in common."""

    title: str


def read(path: Path) -> Iterator[Way | Heading]:
    """The file's ways and headings, in their order."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith("== "):
            yield Heading(line.removeprefix("== "))
        elif line and not line.startswith("#"):
            try:
                yield _way(number, line)
            except (KeyError, ValueError) as error:
                raise ValueError(f"{path.name}:{number}: {error}") from error


def _way(number: int, line: str) -> Way:
    letters, expect, statements = line.split(None, 2)
    roles = tuple(LETTERS[letter] for letter in letters)
    return Way(number, roles, Expect(expect.removesuffix("!")), not expect.endswith("!"), statements)
