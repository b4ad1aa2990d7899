#!/usr/bin/env python3
"""Hold the source files to a length that can be read at a sitting.

Exit status: 0 everything holds, 1 with one sentence per problem.
"""
from __future__ import annotations

import statistics
import sys
from collections.abc import Mapping
from pathlib import Path

MEDIAN = 150  # lines, at most
LONGEST = 350  # lines, but for those below

# Longer, each for its reason.
EXCEPTIONS: dict[str, str] = {}

ROOT = Path(__file__).resolve().parents[2]


def problems(lengths: Mapping[str, int], exceptions: Mapping[str, str]) -> list[str]:
    """What is wrong with the lengths of files, in sentences."""
    found = []
    for file, length in sorted(lengths.items()):
        if length > LONGEST and file not in exceptions:
            found.append(f"{file} has {length} lines, more than {LONGEST}.")
    for file in sorted(exceptions):
        if lengths.get(file, 0) <= LONGEST:
            found.append(f"{file} is excepted and need not be.")
    median = statistics.median(lengths.values())
    if median > MEDIAN:
        found.append(f"The median file has {median:g} lines, more than {MEDIAN}.")
    return found


def main() -> int:
    files = [*ROOT.glob("src/**/*.rs"), *ROOT.glob("crates/*/src/**/*.rs")]
    lengths = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in files}
    found = problems(lengths, EXCEPTIONS)
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
