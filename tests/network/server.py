"""The server of the tests, in its host, and clients in theirs."""
from __future__ import annotations

import re
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness import psql
from harness.cluster import Cluster
from harness.ring import Ring
from network import certificates
from network.hosts import LINKS, Host

HERE = Path(__file__).parent
HBA = """
local   all all                 trust
hostssl all certified 0.0.0.0/0 trust clientcert=verify-ca
host    all all       0.0.0.0/0 trust
host    all all       ::/0      trust
"""
_SAID = re.compile(r"ERROR:  (?P<state>[0-9A-Z]{5}): (?P<message>.*)")
_DETAIL = re.compile(r"^DETAIL:  (?P<detail>.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Said:
    """How a client's script ended: the first error, if there was one."""

    state: str
    message: str
    detail: str

    @property
    def is_refusal(self) -> bool:
        return self.state == "42501" and self.message.startswith("cannot reach audit table ")


class Server:
    """A server that several hosts can reach."""

    def __init__(self, cluster: Cluster, hosts: dict[str, Host]) -> None:
        self.cluster = cluster
        self.hosts = hosts

    @property
    def has_hosts(self) -> bool:
        """Whether there are hosts other than the server's own."""
        return bool(self.hosts)

    @classmethod
    @contextmanager
    def running(cls, ring: Ring, hosts: dict[str, Host]) -> Iterator[Server]:
        """Starts one, and sets it up."""
        cluster = Cluster(Path(tempfile.mkdtemp(prefix="audit_cluster.", dir="/tmp")))
        cluster.enter = hosts["server"].enter if hosts else []
        certificates.make(cluster.directory)
        conf = (HERE / "postgresql.conf").read_text() + f"shared_preload_libraries = '{ring.preload}'\nlisten_addresses = '*'\n"
        conf += "".join(f"ssl_{name}_file = '{cluster.directory}/{file}'\n"
                        for name, file in (("cert", "server.crt"), ("key", "server.key"), ("ca", "ca.crt")))
        if not hosts:
            conf += cluster.listen_to_loopback()
        try:
            cluster.create(conf)
            (cluster.data / "pg_hba.conf").write_text(HBA)
            psql.query(cluster, "SELECT pg_reload_conf()")
            psql.load(cluster, HERE / "setup.sql")
            yield cls(cluster, hosts)
        finally:
            cluster.remove()

    def set(self, **settings: str) -> None:
        """The extension's settings; those that are not named are what they are at first. Waits until they are in force."""
        conf = (self.cluster.data / "postgresql.auto.conf")
        conf.write_text("".join(f"audit_immutable.{name} = '{value}'\n" for name, value in settings.items()))
        before = psql.query(self.cluster, "SELECT pg_conf_load_time()")
        psql.query(self.cluster, "SELECT pg_reload_conf()")
        deadline = time.monotonic() + 60
        while psql.query(self.cluster, "SELECT pg_conf_load_time()") == before:
            if time.monotonic() > deadline:
                raise TimeoutError("the configuration was not loaded")
            time.sleep(0.02)

    def says(self, script: str, host: str, address: str, user: str = "app", **more: str) -> Said | None:
        """What a client on a host gets for a script; None for no error. Without an address it comes by the socket."""
        enter = self.hosts[host].enter if self.hosts else []
        parameters = {"host": address or str(self.cluster.directory), "port": str(self.cluster.port), "user": user, "dbname": "postgres",
                      "sslmode": "disable", "connect_timeout": "20", **more}
        conninfo = " ".join(f"{name}={value}" for name, value in parameters.items())
        run = subprocess.run([*enter, *psql.PLAIN, *psql.STRICT, "-v", "VERBOSITY=verbose", "-d", conninfo, "-f", "-"],
                             input=script + "\n", env=self.cluster.environment, capture_output=True, text=True, timeout=120)
        if run.returncode == 0:
            return None
        error, detail = _SAID.search(run.stderr), _DETAIL.search(run.stderr)
        if not error:
            return Said("", run.stderr.strip(), "")
        return Said(error["state"], error["message"], detail["detail"] if detail else "")

    def certificate(self) -> dict[str, str]:
        """What a client that has a certificate says."""
        folder = self.cluster.directory
        return {"sslmode": "require", "sslcert": f"{folder}/client.crt", "sslkey": f"{folder}/client.key"}


def addresses(host: str) -> dict[int, str]:
    """The server's addresses for a host, by IP version."""
    return next(link.server for link in LINKS if link.host == host)
