#!/usr/bin/env python3
"""The attacks: every KIND/NAME.sql, by the least privileged role that can try it, on a server without the library
preloaded (ring 2) and on one with it (ring 3). Its header says what shall come of it (script.py explains it); rows that
were there stay, nobody gains a privilege, nobody's code runs as somebody else, and the server lives. Started by
tools/run.sh.

Settings: AUDIT_RINGS    which of "ring2 ring3" to run
          AUDIT_ATTACKS  only scripts whose KIND/NAME has this in it, a regular expression
"""
from __future__ import annotations

import os
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from attacks import script
from attacks.arena import Arena, HERE
from attacks.script import Script
from attacks.verdict import unforeseen
from harness import ring, suite
from harness.counting import Count, unittests


def attacks() -> list[Count]:
    """Runs them, both rings at the same time."""
    only = os.environ.get("AUDIT_ATTACKS", "")
    scripts = [each for each in script.read(HERE) if re.search(only, each.title)]
    count = Count("attacks")
    with ExitStack() as servers, ThreadPoolExecutor() as rings:
        arenas = [servers.enter_context(Arena(each)) for each in ring.chosen()]
        for each in scripts:
            tried = [arena for arena in arenas if each.is_for(arena.ring)]
            for arena, complaints in zip(tried, rings.map(lambda arena: arena.attempt(each), tried), strict=True):
                _judge(each, arena, complaints, count)
    return [count] if only else [unittests("attackers", HERE), count]


def _judge(each: Script, arena: Arena, complaints: list[str], count: Count) -> None:
    wrong = unforeseen(each, complaints)
    count.add(not wrong)
    print(f"{arena.ring.name} {each.title}: {'ok' if not wrong else 'NOT OK'}", *wrong, sep="\n    ")


if __name__ == "__main__":
    suite.run(attacks)
