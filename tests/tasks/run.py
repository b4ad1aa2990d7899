#!/usr/bin/env python3
"""The tasks of an ordinary week: each is done as docs/OPERATIONS.md has it, on a server without the library preloaded
(ring 2) and on one with it (ring 3), and the document says what the tasks do. Started by tools/run.sh; `--write` writes
the tasks into the document.

Settings: AUDIT_RINGS  which of "ring2 ring3" to run
          AUDIT_TASKS  only tasks whose title, or whose file's name, contains this text
"""
from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from harness import ring, suite
from harness.counting import Count, unittests
from tasks import document, task
from tasks.shop import HERE, Shop
from tasks.task import Chapter


def tasks() -> list[Count]:
    """Does them, both rings at the same time."""
    chapters = task.read(HERE)
    if "--write" in sys.argv:
        document.difference(chapters, write=True)
    only = os.environ.get("AUDIT_TASKS", "")
    count = Count("tasks")
    with ExitStack() as servers, ThreadPoolExecutor() as rings:
        shops = [servers.enter_context(Shop(each)) for each in ring.chosen()]
        for counted in rings.map(lambda shop: _all(shop, chapters, only), shops):
            count.passed += counted.passed
            count.failed += counted.failed
    return [count] if only else [unittests("task files", HERE), _documented(chapters), count]


def _all(shop: Shop, chapters: list[Chapter], only: str) -> Count:
    count = Count("tasks")
    for chapter in chapters:
        for each in chapter.tasks:
            if each.test or shop.ring.name not in each.rings or only not in f"{chapter.name} {each.title}":
                continue
            wrong = shop.do(each)
            count.add(not wrong)
            print(f"{shop.ring.name} {chapter.name}: {each.title}: {'ok' if not wrong else 'NOT OK'}", *wrong, sep="\n    ")
    return count


def _documented(chapters: list[Chapter]) -> Count:
    count = Count("the table of tasks")
    wrong = document.difference(chapters, write=False)
    if wrong:
        print(f"docs/OPERATIONS.md (-) and tests/tasks (+) differ:\n{wrong}")
    count.add(not wrong)
    for test in (each.test for chapter in chapters for each in chapter.tasks if each.test):
        there = (HERE.parent / f"{test}.pl").exists() or (HERE.parent / test).exists()
        count.add(there)
        print("" if there else f"there is no test {test}", end="")
    return count


if __name__ == "__main__":
    suite.run(tasks)
