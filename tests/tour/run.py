#!/usr/bin/env python3
"""What the documents say that a server can answer: the README's tour, and the table of docs/THREATS.md. With --write,
the answers are written down. Started by tools/run.sh.
"""
import sys

from harness import suite
from harness.cluster import running
from harness.counting import Count
from tour.policy import policy
from tour.readme import tour


def documents() -> list[Count]:
    """Asks a new server."""
    write = sys.argv[1:] == ["--write"]
    with running() as cluster:
        return [tour(cluster, write), policy(cluster, write)]


if __name__ == "__main__":
    suite.run(documents)
