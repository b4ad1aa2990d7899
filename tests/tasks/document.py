"""The tables of tasks in docs/OPERATIONS.md."""
from __future__ import annotations

from pathlib import Path

from harness import golden
from tasks.task import REFUSED, Chapter, Task

OPERATIONS = Path(__file__).resolve().parents[2] / "docs" / "OPERATIONS.md"
HEAD = "## Tasks, one by one\n"
INTRODUCTION = """
What a DBA, a migration tool or an application does in an ordinary week, and what comes of it. Each row is done by
`tests/tasks` (its title is the test's name) on a server without the library preloaded and on one with it, unless it
names another test; afterwards all rows are there and `verify()` is intact, or finds what the row says.
"""


def written(chapters: list[Chapter]) -> str:
    """The section, from its heading to the end of the document."""
    return "\n".join([HEAD.rstrip(), INTRODUCTION.rstrip(), *map(_chapter, chapters)]) + "\n"


def difference(chapters: list[Chapter], write: bool) -> str:
    """How the document differs from the tasks; `write` writes them down."""
    before, _, now = OPERATIONS.read_text().partition(HEAD)
    wanted = written(chapters)
    if write:
        OPERATIONS.write_text(f"{before}{wanted}")
    return golden.difference(f"{HEAD}{now}", wanted)


def _chapter(chapter: Chapter) -> str:
    rows = "\n".join(map(_row, chapter.tasks))
    return f"\n### {chapter.title}\n\n{chapter.about}\n\n| task | typed | answer, and the way |\n|---|---|---|\n{rows}"


def _row(task: Task) -> str:
    typed = "<br>".join(f"`{_escaped(step.text)}`" for step in task.steps if step.is_shown)
    found = f"`verify` says {', '.join(f'`{kind}`' for kind in sorted(task.findings))}." if task.findings else ""
    test = f"Tested by {task.test}." if task.test else ""
    answer = f"{REFUSED} (`{task.state}`)" if task.state else "works"
    only = "" if len(task.rings) > 1 else " with preload" if "ring3" in task.rings else " without preload"
    notes = " ".join(filter(None, [task.way, found, test]))
    return f"| {task.title} | {typed} | {answer}{only}{f': {notes}' if notes else ''} |"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")
