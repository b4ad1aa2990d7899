"""The rings: a server without the library preloaded, and one with it.

Without it the guards begin with the first command that fires an event trigger; with it they are there from the
server's start (docs/DESIGN.md, "Guards").
"""
from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness import cluster, psql
from harness.cluster import Cluster


@dataclass(frozen=True)
class Ring:
    """One of the two."""

    name: str
    preload: str

    @contextmanager
    def server(self, folder: Path) -> Iterator[Cluster]:
        """A server of this ring, with a suite's `postgresql.conf`, and its `setup.sql` done."""
        conf = (folder / "postgresql.conf").read_text()
        with cluster.running(f"{conf}\nshared_preload_libraries = '{self.preload}'\n") as server:
            psql.load(server, folder / "setup.sql")
            yield server


DDL = Ring("ring2", "")
PRELOAD = Ring("ring3", "audit_immutable")


def chosen() -> list[Ring]:
    """Both, or those that AUDIT_RINGS names."""
    named = os.environ.get("AUDIT_RINGS", "").split()
    rings = [ring for ring in (DDL, PRELOAD) if not named or ring.name in named]
    if len(rings) < len(named):
        sys.exit(f"AUDIT_RINGS: there are {DDL.name} and {PRELOAD.name}")
    return rings
