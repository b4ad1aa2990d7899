"""Several hosts on one machine: network namespaces, made without privileges in a user namespace of one's own.

The server's host has a pair of virtual cables to each client's. A host is a process that sleeps; commands enter its
namespaces.
"""
from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field


class NoNamespaces(Exception):
    """The machine does not let us have any; the text is what it said."""


@dataclass(frozen=True)
class Link:
    """The network between the server and a client: a /24 and a /64."""

    host: str
    ipv4: str       # its first three numbers
    ipv6: str       # its first 64 bits

    @property
    def server(self) -> dict[int, str]:
        """The server's address, by IP version."""
        return {4: f"{self.ipv4}.1", 6: f"{self.ipv6}::1"}

    @property
    def client(self) -> dict[int, str]:
        """The client's."""
        return {4: f"{self.ipv4}.2", 6: f"{self.ipv6}::2"}


INSIDE = Link("inside", "10.9.1", "fd00:9:1:0")
OUTSIDE = Link("outside", "203.0.113", "2001:db8:0:1")
CARRIER = Link("carrier", "100.64.3", "2001:db8:0:3")
LINKS = (INSIDE, OUTSIDE, CARRIER)


@dataclass(frozen=True)
class Host:
    """A process in its namespaces."""

    name: str
    pid: int
    # What puts a command there, as the user who the tests are, or as the one who may set up networks.
    enter: list[str] = field(default_factory=list)
    rule: list[str] = field(default_factory=list)


@contextmanager
def several() -> Iterator[dict[str, Host]]:
    """The server's host and one for each link, by name. Raises NoNamespaces."""
    with ExitStack() as hosts:
        server = hosts.enter_context(_host("server", ["unshare", "--user", "--map-root-user", "--net"]))
        named = {"server": server}
        _do([*server.rule, "ip", "link", "set", "lo", "up"])
        for number, link in enumerate(LINKS):
            client = hosts.enter_context(_host(link.host, [*server.rule, "unshare", "--net"]))
            named[link.host] = client
            near = f"host{number}"
            _do([*server.rule, "ip", "link", "add", near, "type", "veth", "peer", "name", "eth0", "netns", str(client.pid)])
            for host, device, addresses in ((server, near, link.server), (client, "eth0", link.client)):
                _do([*host.rule, "ip", "address", "add", f"{addresses[4]}/24", "dev", device])
                # Without duplicate address detection, they can be used at once.
                _do([*host.rule, "ip", "address", "add", f"{addresses[6]}/64", "dev", device, "nodad"])
                _do([*host.rule, "ip", "link", "set", device, "up"])
            _do([*client.rule, "ip", "link", "set", "lo", "up"])
        yield named


@contextmanager
def _host(name: str, make: list[str]) -> Iterator[Host]:
    # It ends when its input does, and so with us.
    process = subprocess.Popen([*make, "sh", "-c", "echo ready; cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True)
    assert process.stdin and process.stdout
    try:
        said = process.stdout.readline()
        if said != "ready\n":
            raise NoNamespaces(said.strip() or "nothing was said")
        pid = _innermost(process.pid)
        rule = ["nsenter", f"--target={pid}", "--user", "--preserve-credentials", "--net"]
        yield Host(name, pid, [*rule, "unshare", "--user", "--map-user=1000", "--map-group=1000"], rule)
    finally:
        process.stdin.close()
        process.wait()
        process.stdout.close()


def _innermost(pid: int) -> int:
    """nsenter and unshare become what they start; where one waits for a child, that is meant."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            children = file.read().split()
        with open(f"/proc/{pid}/comm") as file:
            if file.read().strip() in ("sh", "dash", "bash", "cat"):
                return pid
        if not children:
            break
        pid = int(children[0])
    return pid


def _do(command: list[str]) -> None:
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if run.returncode:
        raise NoNamespaces(run.stdout.strip())
