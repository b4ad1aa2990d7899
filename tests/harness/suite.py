"""A suite as a program."""
from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterable
from typing import NoReturn

from harness.cluster import ClusterError
from harness.counting import Count


def end_well() -> None:
    """A signal ends the program like an exception, so that its servers are stopped on the way out."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: sys.exit(128 + number))


def run(suite: Callable[[], Iterable[Count]]) -> NoReturn:
    """Runs a suite, prints its counts, and ends with status 1 unless all passed."""
    end_well()
    sys.stdout.reconfigure(line_buffering=True)     # type: ignore[union-attr]  # somebody watches
    try:
        counts = list(suite())
    except ClusterError as error:
        sys.exit(str(error))
    for count in counts:
        print(count)
    sys.exit(0 if all(count.good for count in counts) else 1)
