#!/usr/bin/env python3
"""Hold the imports of the crates to their layers.

Between the rooms of src/, arrows run down only, in the order below; between files, none runs in a circle.
Exit status: 0 everything holds, 1 with one sentence per problem.
"""
from __future__ import annotations

import sys
from pathlib import Path

from imports import Crate

# From the top down. A room imports from the rooms below it alone.
ORDER = (
    "tests", "lib", "checkpoint", "verify", "posture", "guard", "attempt", "storage",
    "connection", "signer", "tree", "stamp", "log", "line", "policy", "pg", "error",
)

ROOT = Path(__file__).resolve().parents[2]
CRATES = ("src", "crates/ledger/src", "crates/network/src")


def room(file: str) -> str:
    """The part of the crate a file belongs to: its folder, or its own name at the root."""
    return file.partition("/")[0].removesuffix(".rs")


def upward(arrows: dict[str, set[str]], order: tuple[str, ...]) -> list[str]:
    """Imports from a room above, and rooms that have no place in the order."""
    rank = {name: place for place, name in enumerate(order)}
    rooms = {room(file) for file in arrows}
    problems = [f"{name} has no place in the order of layers" for name in sorted(rooms - rank.keys())]
    for file, targets in sorted(arrows.items()):
        for target in sorted(targets):
            above = rank.get(room(target), 0) < rank.get(room(file), 0)
            if above and room(file) in rank and room(target) in rank:
                problems.append(f"{file} imports from {target}, which is above it")
    return problems


def circles(arrows: dict[str, set[str]]) -> list[list[str]]:
    """The groups of files that can each reach the others (Tarjan's strongly connected components)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(file: str) -> None:
        index[file] = low[file] = len(index)
        stack.append(file)
        for target in sorted(arrows.get(file, ())):
            if target not in index:
                visit(target)
                low[file] = min(low[file], low[target])
            elif target in stack:
                low[file] = min(low[file], index[target])
        if low[file] == index[file]:
            at = stack.index(file)
            group = stack[at:]
            del stack[at:]
            if len(group) > 1:
                found.append(sorted(group))

    for file in sorted(arrows):
        if file not in index:
            visit(file)
    return found


def between_rooms(arrows: dict[str, set[str]]) -> dict[str, set[str]]:
    """The arrows between rooms."""
    rooms: dict[str, set[str]] = {}
    for file, targets in arrows.items():
        rooms.setdefault(room(file), set()).update({room(target) for target in targets} - {room(file)})
    return rooms


def main() -> int:
    problems = []
    for root in CRATES:
        arrows = Crate(ROOT / root).arrows()
        if root == "src":
            problems += upward(arrows, ORDER)
            groups = circles(between_rooms(arrows)) + circles(arrows)
        else:
            groups = circles(arrows)
        problems += [f"{root}: a circle of imports: {', '.join(group)}" for group in groups]
    for problem in problems:
        print(f"{problem}.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
