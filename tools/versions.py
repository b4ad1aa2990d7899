#!/usr/bin/env python3
"""Writes into docs/VERSIONS.md which suites passed on which PostgreSQL, and when, from real runs.

    tools/versions.py VERSION...               runs the suites below on each (make test-long), and writes down what came
    tools/versions.py --log VERSION FILE       writes down what a run has said that was made by hand: its counts, and
                                               the day of the file
    tools/versions.py --upgrades VERSION FILE  the same of pg_upgrade and dumps to that version: tests/t/log/regress_log_140_pg_upgrade

What is in the tables of versions and suites that are not run this time stays.
"""
import datetime
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "VERSIONS.md"
UPGRADES = ROOT / "tests" / "t" / "log" / "regress_log_140_pg_upgrade"
VERSIONS = ["15", "16", "17", "18"]
SUITES = ["abi", "regress", "isolation", "rings", "attacks", "tap", "tour"]
MODES = ["copied", "linked", "swapped", "dumped"]
COUNTED = re.compile(r"^([a-z]+): (\d+) passed, (\d+) failed$", re.M)
UPGRADED = re.compile(r"^(?:\[[^]]*\]\([^)]*\) )?(ok|not ok) \d+ - (?:(copied|linked|swapped)(?:_from_(\d+))?\w*|a dump from (\d+), \w+):", re.M)

Cells = dict[tuple[str, str], str]


class Table:
    """A table of the document, by the names of its columns."""

    def __init__(self, corner: str, columns: list[str]) -> None:
        self.columns = columns
        self.head = f"| {corner} | " + " | ".join(columns) + " |\n" + "|---" * (len(columns) + 1) + "|\n"

    def write(self, new: Cells) -> None:
        """Puts cells into it, by row and column; rows that are new come last."""
        before, rest = DOCUMENT.read_text().split(self.head, 1)
        table, after = rest.split("\n\n", 1)
        rows = {row[0].strip("` "): dict(zip(self.columns, map(str.strip, row[1:]), strict=True))
                for row in (line.strip("|").split("|") for line in table.splitlines())}
        for (row, column), cell in new.items():
            rows.setdefault(row, {})[column] = cell
        lines = [f"| {row} | " + " | ".join(cells.get(column, "–") for column in self.columns) + " |"
                 for row, cells in rows.items()]
        DOCUMENT.write_text(before + self.head + "\n".join(lines) + "\n\n" + after)


SUITE_TABLE = Table("suite", VERSIONS)
UPGRADE_TABLE = Table("from → to", MODES)


def main(arguments: list[str]) -> None:
    """One of the ways to call it."""
    if arguments[0] in ("--log", "--upgrades"):
        kind, version, name = arguments
        file = Path(name)
        day = datetime.date.fromtimestamp(file.stat().st_mtime)
        if kind == "--log":
            SUITE_TABLE.write(suites(file.read_text(), version, day))
        else:
            UPGRADE_TABLE.write(upgrades(file.read_text(), version, day))
        return
    failed = [version for version in arguments if not run(version)]
    if failed:
        sys.exit(f"something failed on {', '.join(failed)}")


def run(version: str) -> bool:
    """Runs the suites on a version; whether all passed."""
    log = ROOT / "target" / f"versions-{version}.log"
    print(f"PostgreSQL {version}: {log}", flush=True)
    with log.open("w") as out:
        done = subprocess.run([ROOT / "tools" / "test.sh", *SUITES], env=os.environ | {"PG": version}, stdout=out,
                              stderr=subprocess.STDOUT, check=False)
    today = datetime.date.today()
    SUITE_TABLE.write(suites(log.read_text(), version, today))
    UPGRADE_TABLE.write(upgrades(UPGRADES.read_text(), version, today))
    return done.returncode == 0


def suites(log: str, version: str, day: datetime.date) -> Cells:
    """What a run said of each suite. One that counts in several parts is added up."""
    passed: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    for suite, good, bad in COUNTED.findall(log):
        suite = {"policy": "tour", "attackers": "attacks"}.get(suite, suite)
        passed[suite] += int(good)
        failed[suite] += int(bad)
    if not passed.keys() & set(SUITES):
        sys.exit("no suite of the table is counted here")
    return {(suite, version): cell(passed[suite], failed[suite], day) for suite in passed if suite in SUITES}


def upgrades(log: str, version: str, day: datetime.date) -> Cells:
    """How many tests each way to come from each version passed."""
    passed: Counter[tuple[str, str]] = Counter()
    failed: Counter[tuple[str, str]] = Counter()
    for verdict, mode, older, dumped in UPGRADED.findall(log):
        way = (f"{dumped or older or version} → {version}", mode or "dumped")
        (passed if verdict == "ok" else failed)[way] += 1
    return {way: cell(passed[way], failed[way], day) for way in passed | failed}


def cell(passed: int, failed: int, day: datetime.date) -> str:
    """What stands in the table."""
    return f"{passed} passed{f', {failed} failed' if failed else ''}, {day}"


if __name__ == "__main__":
    main(sys.argv[1:])
