#!/usr/bin/env python3
"""The format: its vectors and cases, docs/verify.py, and the checkers of tiles and receipts, on a server. Started by
tools/run.sh."""
import os
from pathlib import Path

from harness import suite
from harness.cluster import running
from harness.counting import Count, unittests


def tests() -> list[Count]:
    """The test_*.py beside this file, which find the server by the environment."""
    with running() as cluster:
        os.environ.update(cluster.address)
        return [unittests("format", Path(__file__).parent)]


if __name__ == "__main__":
    suite.run(tests)
