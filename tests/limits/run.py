#!/usr/bin/env python3
"""Limits: what somebody else's lock can hold up, what many logs and another partition cost, and what asking for too
much does to a server.
Started by tools/run.sh.

Settings: AUDIT_LOGS    how many logs there are in the part about many; 5000 in `make test-long`
          AUDIT_PARTITIONS  how many partitions are made while others write; 8, but 1000 in `make test-long`
          AUDIT_LIMITS  the parts to run, of "locked many partitions memory"; the last takes minutes, and runs in
                        `make test-long`
          AUDIT_WAYS    of the part about memory, only ways whose names contain this text
"""
import os

from harness import suite
from harness.counting import Count
from limits import locked, many, memory, partitions

PARTS = {"locked": locked.part, "many": many.part, "partitions": partitions.part, "memory": memory.part}


def limits() -> list[Count]:
    """Each part on servers of its own."""
    chosen = os.environ.get("AUDIT_LIMITS", "locked many partitions").split()
    count = Count("limits")
    for name in chosen:
        PARTS[name](count)
    return [count]


if __name__ == "__main__":
    suite.run(limits)
