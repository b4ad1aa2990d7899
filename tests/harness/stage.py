"""A ring's server that has a signing key, where each trial gets a database of its own."""
from __future__ import annotations

import re
import tempfile
from contextlib import ExitStack
from pathlib import Path

from harness import cluster, psql, signing
from harness.cluster import Cluster, Database
from harness.ring import Ring

STATE = re.compile(r"(?:ERROR|FATAL|PANIC):  (\w{5}):")     # of psql's verbose answers


class Stage:
    """The server of a suite. The suite's folder has its settings (postgresql.conf), its roles (roles.sql), and what is
    in each database (setup.sql)."""

    def __init__(self, suite: Path, ring: Ring) -> None:
        self._suite = suite
        self._ring = ring
        self._count = 0
        self._stack = ExitStack()

    def __enter__(self) -> Stage:
        key = signing.new_key(Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="audit_key."))))
        conf = (self._suite / "postgresql.conf").read_text()
        settings = f"shared_preload_libraries = '{self._ring.preload}'\naudit_immutable.signing_key_file = '{key}'\n"
        self.cluster: Cluster = self._stack.enter_context(cluster.running(f"{conf}\n{settings}"))
        psql.load(self.cluster, self._suite / "roles.sql")
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def renew(self) -> None:
        """Another server instead of this one."""
        self._stack.close()
        self.__enter__()

    def database(self) -> Database:
        """A new one."""
        self._count += 1
        database = self.cluster.database(f"app_{self._count}")
        psql.query(self.cluster, f"CREATE DATABASE {database.name} TEMPLATE template0")
        psql.load(database, self._suite / "setup.sql")
        return database

    def drop(self, database: Database) -> None:
        """Whoever is connected is thrown out."""
        psql.query(self.cluster, f"DROP DATABASE {database.name} WITH (FORCE)")
