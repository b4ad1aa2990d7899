#!/usr/bin/env python3
"""Real clients on audit tables: what docs/CLIENTS.md says of each. A server without the library preloaded, and one with
it; each test has a database of its own. Started by tools/run.sh, after install.py.

Settings: AUDIT_RINGS    which of "ring2 ring3" to run
"""
from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from clients.places import HERE, VENV
from harness import cluster, ring, suite
from harness.counting import Count, unittests

CONF = "max_prepared_transactions = 4\n"


def clients() -> Iterator[Count]:
    """The tests in Python, which start the others."""
    for each in ring.chosen():
        with cluster.running(f"{CONF}shared_preload_libraries = '{each.preload}'\n") as server:
            os.environ.update(server.address)
            yield unittests("clients", HERE)


if __name__ == "__main__":
    python = VENV / "bin" / "python3"
    if sys.prefix != str(VENV):
        os.execv(python, [str(python), *sys.argv])
    suite.run(clients)
