#!/usr/bin/env python3
"""Keep unsafe code where it belongs: in the wrappers of src/pg and in the access method of src/storage.

Exit status: 0 everything holds, 1 with one sentence per problem.
"""
from __future__ import annotations

import re
import sys
from pathlib import Path

from imports import NOISE

HOME = ("pg", "storage")
LIMIT = 30  # blocks in the other folders of src, all together

ROOT = Path(__file__).resolve().parents[2]
_BLOCK = re.compile(r"\bunsafe\s*\{")


def blocks(text: str) -> int:
    """How many unsafe blocks a source has."""
    return len(_BLOCK.findall(NOISE.sub('""', text)))


def problems(counts: dict[str, int]) -> list[str]:
    """What is wrong with the counts, in sentences."""
    away = {file: count for file, count in counts.items() if count and file.partition("/")[0] not in HOME}
    total = sum(away.values())
    if total <= LIMIT:
        return []
    most = ", ".join(f"{file} ({count})" for file, count in sorted(away.items(), key=lambda it: -it[1]))
    return [f"{total} unsafe blocks outside src/pg and src/storage, more than {LIMIT}: {most}."]


def main() -> int:
    src = ROOT / "src"
    found = problems({str(file.relative_to(src)): blocks(file.read_text()) for file in src.rglob("*.rs")})
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
