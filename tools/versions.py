#!/usr/bin/env python3
"""Writes into docs/VERSIONS.md which suites passed on which PostgreSQL, and when, from real runs.

    tools/versions.py VERSION...           runs the suites below on each (make test-long), and writes down what came
    tools/versions.py --log VERSION FILE   writes down what a run has said that was made by hand: its counts, and the
                                           day of the file

What is in the table of versions and suites that are not run this time stays.
"""
import datetime
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "VERSIONS.md"
VERSIONS = [15, 16, 17, 18]
SUITES = ["abi", "regress", "isolation", "rings", "attacks", "tap", "tour"]
HEAD = "| suite | " + " | ".join(map(str, VERSIONS)) + " |\n|---|" + "---|" * len(VERSIONS) + "\n"
COUNTED = re.compile(r"^([a-z]+): (\d+) passed, (\d+) failed$", re.M)

Cells = dict[tuple[str, int], str]


def main(arguments: list[str]) -> None:
    """One of the two ways to call it."""
    if arguments[:1] == ["--log"]:
        version, file = int(arguments[1]), Path(arguments[2])
        write(cells(file.read_text(), version, datetime.date.fromtimestamp(file.stat().st_mtime)))
        return
    for version in map(int, arguments):
        log = ROOT / "target" / f"versions-{version}.log"
        with log.open("w") as out:
            subprocess.run([ROOT / "tools" / "test.sh", *SUITES], env=os.environ | {"PG": str(version)}, stdout=out,
                           stderr=subprocess.STDOUT, check=False)
        write(cells(log.read_text(), version, datetime.date.today()))
        print(f"PostgreSQL {version}: {log}")


def cells(log: str, version: int, day: datetime.date) -> Cells:
    """What a run said of each suite. One that counts in several parts is added up."""
    found: dict[str, tuple[int, int]] = {}
    for suite, passed, failed in COUNTED.findall(log):
        suite = {"policy": "tour"}.get(suite, suite)
        before = found.get(suite, (0, 0))
        found[suite] = before[0] + int(passed), before[1] + int(failed)
    unknown = found.keys() - {*SUITES, "build"}
    if unknown or not found:
        sys.exit(f"no suite of the table is counted here: {', '.join(sorted(unknown)) or 'nothing'}")
    return {(suite, version): f"{passed} passed{f', {failed} failed' if failed else ''}, {day}"
            for suite, (passed, failed) in found.items() if suite in SUITES}


def write(new: Cells) -> None:
    """Puts them into the table."""
    before, rest = DOCUMENT.read_text().split(HEAD, 1)
    table, after = rest.split("\n\n", 1)
    all_cells = {(row[0].strip("` "), version): cell.strip()
                 for row in (line.strip("|").split("|") for line in table.splitlines())
                 for version, cell in zip(VERSIONS, row[1:], strict=True)} | new
    rows = [f"| `{suite}` | " + " | ".join(all_cells.get((suite, version), "–") for version in VERSIONS) + " |"
            for suite in SUITES]
    DOCUMENT.write_text(before + HEAD + "\n".join(rows) + "\n\n" + after)


if __name__ == "__main__":
    main(sys.argv[1:])
