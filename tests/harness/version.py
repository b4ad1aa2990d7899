"""The PostgreSQL that the tests run on, and what differs from one to the next."""
from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

OLDEST = 15


@cache
def major() -> int:
    """The one whose programs are first on PATH."""
    said = subprocess.run(["postgres", "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\) (\d+)", said)
    if not found:
        raise ValueError(f"postgres --version says {said!r}")
    return int(found[1])


def files(path: Path) -> Iterator[Path]:
    """A file, and those beside it for what is there from a version on: ways, ways_17."""
    yield path
    for version in range(OLDEST + 1, major() + 1):
        later = path.with_name(f"{path.name}_{version}")
        if later.exists():
            yield later


def said_since(path: Path) -> list[tuple[str, str]]:
    """What PostgreSQL says in another way from a version on. The file has blocks of three lines: the version, what was
    said before, and what is said since; \\n stands for a line break."""
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    blocks = zip(lines[::3], lines[1::3], lines[2::3], strict=True)
    return [(before.replace("\\n", "\n"), now.replace("\\n", "\n"))
            for since, before, now in blocks if int(since) <= major()]
