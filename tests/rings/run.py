#!/usr/bin/env python3
"""The rings: every way round the guards in `ways` (in `ways_17` and so on from those versions on), by every role it
names, each in a session of its own, on a server without the library preloaded (ring 2) and on one with it (ring 3).
What happens must be what `ways` says shall happen, and what is printed must equal expected/RING.out. Started by
tools/run.sh.

Settings: AUDIT_RINGS  which of "ring2 ring3" to run
          AUDIT_WAYS   only ways that contain this text; prints what happens, and compares with no golden file
"""
import os
from contextlib import ExitStack

from harness import ring, suite, version
from harness.counting import Count
from rings import way
from rings.trial import HERE, Trial
from rings.way import Heading, Way


def rings() -> list[Count]:
    """Runs them side by side."""
    only = os.environ.get("AUDIT_WAYS", "")
    files = {file.name: [part for part in way.read(file) if not only or isinstance(part, Way) and only in part.statements]
             for file in version.files(HERE / "ways")}
    count = Count("rings")
    with ExitStack() as servers:
        trials = [Trial(each, servers.enter_context(each.server(HERE)), count) for each in ring.chosen()]
        for name, ways in files.items():
            for part in ways:
                _try(part, trials)
            for trial in trials:
                if only:
                    trial.show()
                else:
                    trial.finish(name.removeprefix("ways"))
    return [count]


def _try(part: Way | Heading, trials: list[Trial]) -> None:
    for trial in trials:
        trial.write(f"\n== {part.title}" if isinstance(part, Heading) else part.statements)
    if isinstance(part, Heading):
        return
    for role in part.roles:
        # At the same time: each ring has a server of its own.
        attempts = [trial.attempt(part, role) for trial in trials]
        for trial, attempt in zip(trials, attempts, strict=True):
            trial.judge(part, role, attempt.outcome())


if __name__ == "__main__":
    suite.run(rings)
