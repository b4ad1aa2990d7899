#!/usr/bin/env python3
"""Every fuzz target is built, and stands in the table of docs/TESTING.md.

Exit status: 0 everything holds, 1 with one sentence per problem.
"""
from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FUZZ = ROOT / "crates/ledger/fuzz"
_BINARY = re.compile(r'^\[\[bin\]\]\nname = "(\w+)"', re.MULTILINE)


def told(document: str) -> set[str]:
    """The targets in the table of the section about fuzzing."""
    section = document.split("\n## Fuzz\n", 1)[1].split("\n## ", 1)[0]
    return {name for row in section.splitlines() if row.startswith("| ") for name in re.findall(r"`(\w+)`", row)}


def problems(targets: set[str], built: set[str], told: set[str]) -> list[str]:
    """What is wrong with the three, in sentences."""
    return [
        *(f"{name}.rs is not built" for name in sorted(targets - built)),
        *(f"docs/TESTING.md does not have {name}" for name in sorted(targets - told)),
        *(f"there is no {name}.rs" for name in sorted((built | told) - targets)),
    ]


def main() -> int:
    """Checks the crate beside this folder."""
    targets = {path.stem for path in (FUZZ / "fuzz_targets").glob("*.rs")}
    built = set(_BINARY.findall((FUZZ / "Cargo.toml").read_text()))
    found = problems(targets, built, told((ROOT / "docs/TESTING.md").read_text()))
    for problem in found:
        print(problem)
    print(f"{len(targets)} fuzz targets, {len(found)} complaints")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
