"""What was aimed at, beside what the results say, and beside what a plain table of the same width reaches."""
from dataclasses import dataclass, replace

from .figures import grid
from .tables import TITLES

HEADING = "Targets"
NOTE = ("Ratios to the plain table, and memory. \"Same width\" is what a plain table as wide as ours, with its unique index, reaches: "
        "what no way of hashing a row that is stored could exceed. Its figures vary as the others do.")
OURS, FLOOR = TITLES["ours"], TITLES["same_width"]


@dataclass(frozen=True)
class Target:
    """A cell of a results table, and the limit of its number."""
    section: str            # heading
    what: str               # the first cell of the row, or how it begins
    column: str             # head of the column
    limit: float
    at_least: bool = True
    of: str = OURS          # the second cell of the row
    unit: str = ""
    than: tuple = None      # the first two cells of another row, whose number this one's is divided by

    def met(self, measured):
        """Whether a figure reaches it."""
        return measured >= self.limit if self.at_least else measured <= self.limit

    def __str__(self):
        return f"{'at least' if self.at_least else 'at most'} {self.limit:,}{self.unit and ' ' + self.unit}"


def _ratios(section, *pairs):
    return tuple(Target(section, what, "to plain", limit) for what, limit in pairs)


TARGETS = (
    *_ratios("Single-row INSERT, preloaded", ("1 client, fsync on", 0.95), ("16 clients, fsync on", 0.93),
             ("64 clients, fsync on", 0.88)),
    *_ratios("Single-row INSERT", ("1 client, fsync on", 0.9), ("16 clients, fsync on", 0.87)),
    Target("Single-row INSERT", "16 clients, fsync on", "transactions/s", 4, unit="times the PL/pgSQL chain",
           than=("16 clients, fsync on", TITLES["plpgsql"])),
    *_ratios("Idle in transaction", ("10 rows, 5 ms idle, 32 clients", 0.95)),
    *_ratios("COPY", ("1,000,000 rows", 0.78)),
    *_ratios("INSERT of many rows", ("INSERT ... SELECT of 100,000 rows", 0.6)),
    Target("Instructions", "COPY, a row", "above the same width, no index", 9_000, at_least=False, unit="instructions"),
    Target("Storage", "typical, 1 writer", "heap, to plain", 72, at_least=False, unit="bytes a row"),
    Target("Storage", "typical, 1 writer", "index", 3, at_least=False, unit="bytes a row"),
    Target("verify", "warm, 0 workers", "rows/s", 1_400_000, of="audit_immutable.verify", unit="rows/s"),
    Target("verify", "warm, 1 worker", "rows/s", 2_500_000, of="audit_immutable.verify", unit="rows/s"),
    Target("Memory of verify", "20,000,000 rows", "MiB", 64, at_least=False, of="audit_immutable.verify, 2 workers", unit="MiB"),
)


def table(texts):
    """The targets' table, out of the sections' texts by heading; a section that is missing leaves its targets open."""
    rows = []
    for target in TARGETS:
        found = _row(texts.get(target.section, ""), target, target.of)
        floor = _row(texts.get(target.section, ""), target, FLOOR)
        measured, number = _measured(found, target, texts.get(target.section, ""))
        verdict = "" if number is None else "yes" if target.met(number) else "no"
        rows.append([f"{target.section}: {found['what'] if found else target.what}", str(target), measured or "not measured",
                     "" if target.than else _cell(found, "lowest - highest", after=target.column),
                     "" if target.than else _cell(floor, target.column), verdict])
    return grid(["what", "target", "measured", "lowest - highest", "same width", "reached"], rows)


def section_text(texts):
    """The section's text in Markdown."""
    return f"## {HEADING}\n\n{NOTE}\n\n{table(texts)}\n"


def _measured(found, target, text):
    """What was measured, as text and as a number; empty and None when it was not."""
    number = _number(_cell(found, target.column))
    if number is None:
        return "", None
    if not target.than:
        return _cell(found, target.column), number
    what, of = target.than
    other = _number(_cell(_row(text, replace(target, what=what), of), target.column))
    return (f"{number / other:.2f}", number / other) if other else ("", None)


def _number(cell):
    return float(cell.replace(",", "")) if cell else None


def _row(text, target, of):
    """The row of a results table that a target is about: its cells, with their columns' heads in order."""
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| ")]
    for cells in lines[1:]:
        if cells[0].startswith(target.what) and cells[1] == of:
            return {"what": cells[0], "cells": list(zip(lines[0], cells))}
    return None


def _cell(row, column, after=None):
    """The cell in a column; with after, the first such column behind that one."""
    if row is None:
        return ""
    heads = [head for head, _ in row["cells"]]
    start = heads.index(after) if after else 0
    return row["cells"][heads.index(column, start)][1] if column in heads[start:] else ""
