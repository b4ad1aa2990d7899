"""Throw-away PostgreSQL servers.

A server has a directory and a socket of its own under /tmp, and listens to no network, or to loopback. It is stopped by its
process's number, and removed with all it has; AUDIT_KEEP=1 leaves its files for a look afterwards.
"""
from __future__ import annotations

import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 60           # seconds to end after a signal
PORT = 54321            # the socket is private, so any is free; an unusual one shows a client that looks elsewhere
BASE = """
listen_addresses = ''
unix_socket_directories = '{directory}'
port = {port}
fsync = off
restart_after_crash = off       # a crash shall be seen
"""
CRASH = re.compile(r"PANIC:  |was terminated by signal|because restart_after_crash is off")


def free_port() -> int:
    """One of loopback's that nobody listens to, below those that outgoing connections get."""
    while True:
        port = random.randrange(20_000, 30_000)
        with socket.socket() as taken:
            try:
                taken.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


class ClusterError(Exception):
    """A server that cannot be made or started; the text is what it said."""


@contextmanager
def running(conf: str = "") -> Iterator[Cluster]:
    """A new server, until the block ends; `conf` is more of its postgresql.conf."""
    cluster = Cluster(Path(tempfile.mkdtemp(prefix="audit_cluster.", dir="/tmp")))
    try:
        cluster.create(conf)
        yield cluster
    finally:
        cluster.remove()


class Cluster:
    """The server in a directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.data = directory / "data"
        self.log = directory / "server.log"
        self.enter: list[str] = []      # the command that puts the server into another network
        self.port = PORT

    def listen_to_loopback(self) -> str:
        """Has it made with a port that is free, since loopback is everybody's; answers what its configuration needs."""
        self.port = free_port()
        return "listen_addresses = '127.0.0.1'\n"

    @classmethod
    def current(cls) -> Cluster:
        """The one that clients find by the environment."""
        return cls(Path(os.environ["PGHOST"]))

    @property
    def address(self) -> dict[str, str]:
        """Variables by which any client finds it."""
        return {"PGHOST": str(self.directory), "PGPORT": str(self.port), "PGUSER": "postgres", "PGDATABASE": "postgres"}

    @property
    def environment(self) -> dict[str, str]:
        """A client's whole environment."""
        return os.environ | self.address

    def database(self, name: str) -> Database:
        """One of its databases, for clients."""
        return Database(self, name)

    @property
    def pid(self) -> int | None:
        """The server's process, if it runs. A file that was left may name another's, at work in another directory."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            at_work = os.readlink(f"/proc/{pid}/cwd")
        except (OSError, ValueError):
            return None
        return pid if at_work == str(self.data) else None

    def create(self, conf: str = "") -> None:
        """Makes it, in a directory that is empty, and starts it."""
        command = ["initdb", "-D", str(self.data), "--username=postgres", "--auth=trust", "--encoding=UTF8",
                   "--locale=C", "--no-sync"]
        run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if run.returncode:
            raise ClusterError(f"initdb failed:\n{run.stdout}")
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(BASE.format(directory=self.directory, port=self.port))
            file.write(conf)
        self.start()

    def start(self, *options: str) -> None:
        """Starts it, with more options of `postgres` for this time, and waits until it answers."""
        command = [*self.enter, "pg_ctl", "start", "-D", str(self.data), "-l", str(self.log), "-o", " ".join(options), "--silent"]
        # Its own address is in its environment, for dblink. To leave the block is to wait: interrupted halfway, there
        # would be a server that nobody has heard of.
        with subprocess.Popen(command, env=self.environment, stdin=subprocess.DEVNULL) as run:
            pass
        if run.returncode:
            raise ClusterError("\n".join(["the server does not start:", *self._said()[-40:]]))

    def stop(self) -> None:
        """Fast, then immediate, then by force: nothing is left running. The data stays."""
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            pid = self.pid
            if pid is None:
                return
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                return
            if self._ended():
                return
            print(f"server {pid} ignores {number.name}", file=sys.stderr)

    def remove(self) -> None:
        """Stops it and removes its directory; what its log says of a crash is shown."""
        self.stop()
        print(self.crashes(), end="", file=sys.stderr)
        if os.environ.get("AUDIT_KEEP") == "1":
            print(f"kept {self.directory}", file=sys.stderr)
        else:
            shutil.rmtree(self.directory)

    def crashes(self) -> str:
        """The lines of the log about processes that died, with those around them."""
        lines = self._said()
        near = {at + offset for at, line in enumerate(lines) if CRASH.search(line) for offset in range(-5, 3)}
        return "".join(f"{line}\n" for at, line in enumerate(lines) if at in near)

    def _said(self) -> list[str]:
        return self.log.read_text(errors="replace").splitlines() if self.log.exists() else []

    def _ended(self) -> bool:
        deadline = time.monotonic() + PATIENCE
        while self.pid is not None:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True


class Database:
    """A database of a server."""

    def __init__(self, cluster: Cluster, name: str) -> None:
        self.name = name
        self.environment = cluster.environment | {"PGDATABASE": name}
