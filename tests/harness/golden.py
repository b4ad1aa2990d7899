"""What is printed, compared with what was expected."""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path


@dataclass(frozen=True)
class Mask:
    """What differs from run to run, and the word that stands for it."""

    pattern: str
    word: str


def masked(text: str, masks: Iterable[Mask]) -> str:
    """The text with every mask put on."""
    for mask in masks:
        text = re.sub(mask.pattern, mask.word, text)
    return text


def as_expected(folder: Path, name: str, printed: str, said_since: Iterable[tuple[str, str]] = ()) -> bool:
    """Compares what a suite printed with expected/NAME, tells how they differ, and leaves it in results/NAME.

    `said_since` is what this version of PostgreSQL says in another way: as in the file, and as it says it.
    """
    results = folder / "results"
    results.mkdir(exist_ok=True)
    (results / name).write_text(printed)
    expected = folder / "expected" / name
    text = expected.read_text() if expected.exists() else ""
    for before, now in said_since:
        text = text.replace(before, now)
    wrong = difference(text, printed)
    if wrong:
        print(f"expected/{name} (-) and results/{name} (+) differ:\n{wrong}")
    return not wrong


def difference(expected: str, printed: str) -> str:
    """The lines that differ, "-" before what was expected and "+" before what came, under the line they belong to.

    A line that is indented belongs to the last one that is not.
    """
    old, new = _outline(expected), _outline(printed)
    out: list[str] = []
    heading = None
    for change in _changes(old, new):
        if change.heading not in (heading, change.line):
            out.append(f"  {change.heading}")
        heading = change.heading
        out.append(f"{change.sign} {change.line}")
    return "\n".join(out)


@dataclass(frozen=True)
class _Change:
    sign: str
    heading: str
    line: str


def _outline(text: str) -> list[tuple[str, str]]:
    """Each line with its heading, which keeps equal lines of different headings apart."""
    lines, heading = [], ""
    for line in text.splitlines():
        if not line.startswith(" "):
            heading = line
        lines.append((heading, line))
    return lines


def _changes(old: list[tuple[str, str]], new: list[tuple[str, str]]) -> Iterator[_Change]:
    """What went and what came, heading by heading."""
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        gone, come = old[old_from:old_to], new[new_from:new_to]
        for heading in dict.fromkeys(heading for heading, _ in gone + come):
            yield from (_Change("-", heading, line) for under, line in gone if under == heading)
            yield from (_Change("+", heading, line) for under, line in come if under == heading)
