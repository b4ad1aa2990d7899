#!/usr/bin/env python3
"""The SQL of the extension is plain ASCII: PostgreSQL reads it in the encoding of whatever database it is installed in.

Exit status: 0 everything holds, 1 with one sentence per problem.
"""
from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def problems(name: str, text: bytes) -> list[str]:
    """The lines of a file that have anything else, in sentences."""
    lines = enumerate(text.splitlines(), start=1)
    return [f"{name}:{number}: not ASCII" for number, line in lines if not line.isascii()]


def main() -> int:
    """Checks every file below sql/."""
    files = sorted((ROOT / "sql").rglob("*.sql"))
    found = [problem for file in files for problem in problems(str(file.relative_to(ROOT)), file.read_bytes())]
    for problem in found:
        print(problem)
    print(f"{len(files)} SQL files, {len(found)} complaints")
    return 1 if found or not files else 0


if __name__ == "__main__":
    sys.exit(main())
