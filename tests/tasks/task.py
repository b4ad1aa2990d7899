"""A task of a DBA's or an application's: what is typed, and what comes of it.

The `*.tasks` files are read; each begins with the heading under which its tasks stand in docs/OPERATIONS.md, and a
sentence on them. A task is a paragraph:

    task: Add a column with a default
    as: app_owner            who connects; postgres, when it does not say
    answer: refused 0A000    or `works`
    way: Add it without one, then SET DEFAULT.
    may change: app.log      tables whose rows may go
    verify: log_missing      what verify finds afterwards; nothing, when it does not say
    rings: ring3             where; both, when it does not say
      ALTER TABLE app.log ADD COLUMN n int DEFAULT 1;
      $ vacuumdb app

Lines that are indented are typed: into psql, or those behind a `$` into a shell, where `$DB` is the database and `$TMP`
a folder that is empty. `hidden` ones, behind a `|`, are for psql too and do not stand in the documents. A task that takes
a server of its own names the file that tests it instead: `test: t/140_pg_upgrade`.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

WORKS = "works"
REFUSED = "refused"
FIELDS = ("task", "as", "answer", "way", "may change", "verify", "rings", "test")


class TaskError(Exception):
    """A task lacks something, or has something that means nothing."""


@dataclass(frozen=True)
class Step:
    """Something typed: into psql or a shell, shown in the documents or not."""

    text: str
    is_shell: bool = False
    is_shown: bool = True


@dataclass(frozen=True)
class Task:
    """One task."""

    title: str
    role: str
    answer: str
    way: str
    steps: tuple[Step, ...]
    test: str
    rings: frozenset[str]
    findings: frozenset[str] = frozenset()
    may_change: frozenset[str] = frozenset()

    @property
    def state(self) -> str:
        """The SQLSTATE that it is refused with; empty where it works."""
        return self.answer.removeprefix(WORKS).removeprefix(REFUSED).strip()


@dataclass(frozen=True)
class Chapter:
    """The tasks of a file."""

    name: str
    title: str
    about: str
    tasks: list[Task] = field(default_factory=list)


def read(folder: Path) -> list[Chapter]:
    """All of them, in the order of their files' names."""
    return [parse(path.stem, path.read_text()) for path in sorted(folder.glob("*.tasks"))]


def parse(name: str, text: str) -> Chapter:
    """Reads a file."""
    head, *paragraphs = _paragraphs(text)
    if len(head) < 2 or not head[0].startswith("== "):
        raise TaskError(f"{name}.tasks does not begin with a heading and a sentence")
    tasks = [_task(name, lines) for lines in paragraphs]
    return Chapter(name, head[0].removeprefix("== "), " ".join(head[1:]), tasks)


def _paragraphs(text: str) -> Iterator[list[str]]:
    for paragraph in text.strip().split("\n\n"):
        yield paragraph.splitlines()


def _task(file: str, lines: list[str]) -> Task:
    said = dict(line.split(": ", 1) for line in lines if not line.startswith("  "))
    title = said.get("task", lines[0])
    unknown = said.keys() - set(FIELDS)
    if unknown or "task" not in said:
        raise TaskError(f"{file}.tasks, {title}: {', '.join(unknown) or 'no task'}")
    answer, way, test = (said.get(word, "") for word in ("answer", "way", "test"))
    if not answer.startswith((WORKS, REFUSED)) or (answer.startswith(REFUSED) and not way):
        raise TaskError(f"{file}.tasks, {title}: it works, or is refused and there is another way")
    steps = tuple(_step(line[2:]) for line in lines if line.startswith("  "))
    if not steps:
        raise TaskError(f"{file}.tasks, {title}: nothing is typed")
    rings = frozenset(said.get("rings", "ring2 ring3").split())
    findings, may_change = (frozenset(said.get(word, "").split()) for word in ("verify", "may change"))
    return Task(title, said.get("as", "postgres"), answer, way, steps, test, rings, findings, may_change)


def _step(line: str) -> Step:
    if line.startswith("$ "):
        return Step(line.removeprefix("$ "), is_shell=True)
    if line.startswith("| "):
        return Step(line.removeprefix("| "), is_shown=False)
    return Step(line)
