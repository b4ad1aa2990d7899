#!/usr/bin/env python3
"""The harness's own tests, and those of the parts of suites that judge. They need no server. Started by
`make test SUITES=unit`.
"""
from pathlib import Path

from harness import suite
from harness.counting import Count, unittests

TESTS = Path(__file__).parents[1]


def tests() -> list[Count]:
    """The test_*.py of each folder."""
    return [unittests(name, TESTS / name) for name in ("harness", "rings")]


if __name__ == "__main__":
    suite.run(tests)
