#!/usr/bin/env python3
"""Who may reach an audit table, over which connection: from several hosts, over IPv4 and IPv6, with TLS and without, by
every way to read and to write; and what network_findings() says of servers (posture.py, which also runs by itself).
Started by tools/run.sh.

The hosts are network namespaces that the suite makes itself. Where there are none to be had it says so, and tries what
loopback and a socket can show.

Settings: AUDIT_RINGS  which of "ring2 ring3" to run
"""
from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from harness import ring, suite
from harness.counting import Count
from harness.ring import Ring
from network import cases, hosts, posture
from network.hosts import Host, NoNamespaces
from network.server import Server


def network() -> list[Count]:
    """All cases, in each ring."""
    count = Count("network")
    with _hosts() as (there, why):
        if why:
            print(f"network: no namespaces on this machine ({why}): loopback and a socket alone")
        for each in ring.chosen():
            with Server.running(each, there) as server:
                for case in cases.ALL:
                    _run(case, server, each, count)
    return [count, *posture.network_findings()]


def _run(case: cases.Case, server: Server, each: Ring, count: Count) -> None:
    if case.needs_hosts and not server.has_hosts:
        return
    for what, wrong in case.run(server):
        count.add(not wrong)
        if wrong:
            print(f"{each.name} {case.name}: {what}: NOT OK\n    {wrong}", file=sys.stderr)
    print(f"{each.name} {case.name}: done")


@contextmanager
def _hosts() -> Iterator[tuple[dict[str, Host], str]]:
    try:
        made = hosts.several()
        there = made.__enter__()
    except (NoNamespaces, OSError) as error:
        yield {}, str(error)
        return
    try:
        yield there, ""
    finally:
        made.__exit__(None, None, None)


if __name__ == "__main__":
    suite.run(network)
