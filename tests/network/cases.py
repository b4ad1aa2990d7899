"""The cases: each sets the server, tries connections, and says of each what is wrong."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from harness import psql
from network import ways
from network.server import Said, Server, addresses

Outcome = tuple[str, str]       # what was tried, and what is wrong; nothing where all is well
LOOK = "SELECT count(*) FROM log"
INTACT = "SELECT bool_and(intact) FROM audit_immutable.verify()"


@dataclass(frozen=True)
class Case:
    """One of them."""

    name: str
    run: Callable[[Server], Iterator[Outcome]]
    needs_hosts: bool = True


def _differs(said: Said | None, refused: bool) -> str:
    if refused:
        return "" if said and said.is_refusal else f"it was not refused, but {said or 'answered'}"
    return "" if said is None else f"it was refused: {said}"


def _reach(server: Server, expected: dict[str, bool]) -> Iterator[Outcome]:
    """Tries it from each host, over each IP version; which are expected to be answered."""
    for host, answered in expected.items():
        for version, address in addresses(host).items():
            said = server.says(LOOK, host, address)
            yield f"from {host}, IPv{version}", _differs(said, refused=not answered)


def trusted(server: Server) -> Iterator[Outcome]:
    """The default: private networks, and neither the world nor a carrier's."""
    server.set()
    yield from _reach(server, {"inside": True, "outside": False, "carrier": False})
    yield "by the socket", _differs(server.says(LOOK, "server", ""), refused=False)
    said = server.says(LOOK, "outside", addresses("outside")[4])
    wanted = "The client is 203.0.113.2, without TLS. The client's network is not one of those that may reach it."
    yield "what is said", "" if said and said.detail == wanted else str(said)


def networks(server: Server) -> Iterator[Outcome]:
    """Lists of networks, and their names."""
    for trusted_networks, answered in (
        ("203.0.113.0/24, 2001:db8:0:1::/64", ["outside"]),
        ("shared, 2001:db8:0:3::/64", ["carrier"]),
        ("10.9.1.2, fd00:9:1::2, loopback", ["inside"]),
        ("0.0.0.0/0, ::/0", ["inside", "outside", "carrier"]),
        ("local", []),
    ):
        server.set(trusted_networks=trusted_networks)
        for what, wrong in _reach(server, {host: host in answered for host in ("inside", "outside", "carrier")}):
            yield f"{trusted_networks}: {what}", wrong


def everything(server: Server) -> Iterator[Outcome]:
    """Every way in and out, from a network that is trusted and one that is not, as a superuser."""
    server.set()
    rows = psql.query(server.cluster, LOOK)
    for name, script in (ways.READ | ways.WRITE).items():
        for host in ("inside", "outside"):
            said = server.says(script, host, addresses(host)[4])
            yield f"{name} from {host}", _differs(said, refused=host == "outside")
    for name, script in ways.FREE.items():
        yield f"{name} from outside", _differs(server.says(script, "outside", addresses("outside")[4]), refused=False)
    yield "the rows", "" if psql.query(server.cluster, LOOK) == rows else "there are other rows"
    yield "verify", "" if psql.query(server.cluster, INTACT) == "t" else "not intact"


def everything_by_loopback(server: Server) -> Iterator[Outcome]:
    """The same where there are no other hosts: loopback is trusted, or it is not."""
    for trusted_networks, refused in (("loopback", False), ("local, 10.0.0.0/8", True)):
        server.set(trusted_networks=trusted_networks)
        for name, script in (ways.READ | ways.WRITE).items():
            yield f"{name}, {trusted_networks}", _differs(server.says(script, "server", "127.0.0.1"), refused=refused)
        for name, script in ways.FREE.items():
            yield f"{name}, {trusted_networks}", _differs(server.says(script, "server", "127.0.0.1"), refused=False)
    yield "by the socket", _differs(server.says(LOOK, "server", ""), refused=False)
    yield "verify", "" if psql.query(server.cluster, INTACT) == "t" else "not intact"


def tls(server: Server) -> Iterator[Outcome]:
    """TLS of every kind, from a trusted network and by loopback, under each setting."""
    inside = addresses("inside")[4]
    clients = {
        "no TLS": {"sslmode": "disable"},
        "TLS 1.1": {"sslmode": "require", "ssl_min_protocol_version": "TLSv1.1", "ssl_max_protocol_version": "TLSv1.1"},
        "TLS 1.2": {"sslmode": "require", "ssl_max_protocol_version": "TLSv1.2"},
        "TLS 1.3": {"sslmode": "require", "ssl_min_protocol_version": "TLSv1.3"},
        "a certificate": {**server.certificate(), "user": "certified"},
    }
    psql.query(server.cluster, "DROP ROLE IF EXISTS certified; CREATE ROLE certified LOGIN SUPERUSER")
    for settings, refused in (
        ({}, set()),
        ({"require_tls": "remote"}, {"no TLS"}),
        ({"require_tls": "remote", "min_tls_version": "TLSv1.2"}, {"no TLS", "TLS 1.1"}),
        ({"min_tls_version": "TLSv1.3"}, {"TLS 1.1", "TLS 1.2"}),
        ({"require_client_cert": "on"}, {"no TLS", "TLS 1.1", "TLS 1.2", "TLS 1.3"}),
    ):
        server.set(**settings)
        for name, client in clients.items():
            said = server.says(LOOK, "inside", inside, **client)
            if name == "TLS 1.1" and said and not said.state:
                continue        # OpenSSL here speaks it no more
            yield f"{settings}: {name}", _differs(said, refused=name in refused)
        yield f"{settings}: loopback", _differs(server.says(LOOK, "server", "127.0.0.1"), refused=False)
        yield f"{settings}: the socket", _differs(server.says(LOOK, "server", ""), refused=False)
    server.set(require_tls="all")
    yield "all: loopback", _differs(server.says(LOOK, "server", "127.0.0.1"), refused=True)
    yield "all: loopback with TLS", _differs(server.says(LOOK, "server", "127.0.0.1", sslmode="require"), refused=False)
    yield "all: the socket", _differs(server.says(LOOK, "server", ""), refused=True)


def reload(server: Server) -> Iterator[Outcome]:
    """A session that was let in is asked again after a reload, and one that was not is let in."""
    server.set()
    conf = server.cluster.data / "postgresql.auto.conf"
    script = (f"{LOOK}; \\! echo \"audit_immutable.trusted_networks = 'local'\" > {conf}\n"
              f"SELECT pg_reload_conf(); SELECT pg_sleep(1); {LOOK};")
    said = server.says(script, "server", "127.0.0.1")
    yield "narrower", _differs(said, refused=True)
    script = (f"\\set ON_ERROR_STOP off\n{LOOK};\n\\set ON_ERROR_STOP on\n\\! : > {conf}\n"
              f"SELECT pg_reload_conf(); SELECT pg_sleep(1); {LOOK};")
    yield "wider", _differs(server.says(script, "server", "127.0.0.1"), refused=False)


def values(server: Server) -> Iterator[Outcome]:
    """A bad value is refused where it is set, and leaves the old one where it is loaded."""
    load = "SET client_min_messages = error; LOAD 'audit_immutable'; "
    for value, detail in (
        ("10.0.0.0/8, intranet", '"intranet" is neither a network like 10.0.0.0/8 nor local, loopback, private or shared.'),
        ("10.0.0.1/8", '"10.0.0.1/8" has bits set to the right of its prefix; the network is 10.0.0.0/8.'),
    ):
        said = server.says(f"{load} ALTER SYSTEM SET audit_immutable.trusted_networks = '{value}'", "server", "")
        yield value, "" if said and (said.state, said.detail) == ("22023", detail) else str(said)
    server.set(trusted_networks="local")
    server.set(trusted_networks="nonsense")
    yield "the old value stays, or the default", _differs(server.says(LOOK, "server", ""), refused=False)
    for user in ("app", "postgres"):
        said = server.says(f"{load} SET audit_immutable.trusted_networks = 'local'", "server", "", user=user)
        yield f"SET by {user}", "" if said and said.state == "55P02" else str(said)


def restricted(server: Server) -> Iterator[Outcome]:
    """A log that is restricted answers to fewer, for good, and takes nobody out who is on the machine."""
    server.set()
    call = "SELECT audit_immutable.restrict('other', '127.0.0.0/8', reason => 'only from here')"
    look = "SELECT count(*) FROM other"
    if server.has_hosts:
        yield "by one who would shut himself out", _state(server.says(call, "inside", addresses("inside")[4]), "22023")
    yield "by one on the machine", _differs(server.says(call, "server", "127.0.0.1"), refused=False)
    yield "it widens nothing", _differs(server.says(call.replace("127.0.0.0/8", "0.0.0.0/0"), "server", "127.0.0.1"), refused=False)
    for name, said in (("nothing given", "SELECT audit_immutable.restrict('other', reason => 'x')"),
                       ("no network", "SELECT audit_immutable.restrict('other', 'here', reason => 'x')"),
                       ("no such TLS", "SELECT audit_immutable.restrict('other', require_tls => 'yes', reason => 'x')")):
        yield name, _state(server.says(said, "server", ""), "22023")
    yield "no reason", _state(server.says(call.replace("'only from here'", "' '"), "server", ""), "22023")
    yield "an own table", _state(server.says(call.replace("other", "audit_immutable.event"), "server", ""), "42809")
    if server.has_hosts:
        for host in ("inside", "outside"):
            yield f"from {host}", _differs(server.says(look, host, addresses(host)[4]), refused=True)
            yield f"the log beside it, from {host}", _differs(server.says(LOOK, host, addresses(host)[4]), refused=host == "outside")
    yield "from loopback", _differs(server.says(look, "server", "127.0.0.1"), refused=False)
    psql.query(server.cluster, "SELECT audit_immutable.restrict('other', require_tls => 'all', reason => 'and encrypted')")
    yield "from loopback, with TLS required", _differs(server.says(look, "server", "127.0.0.1"), refused=True)
    yield "from loopback, with TLS", _differs(server.says(look, "server", "127.0.0.1", sslmode="require"), refused=False)
    yield "by the socket", _differs(server.says(look, "server", ""), refused=False)
    events = psql.query(server.cluster, "SELECT reason FROM audit_immutable.event WHERE kind = 'restricted' ORDER BY number")
    yield "events", "" if events == "only from here\nonly from here\nand encrypted" else events
    yield "verify", "" if psql.query(server.cluster, INTACT) == "t" else "not intact"


def recorded(server: Server) -> Iterator[Outcome]:
    """untrusted = record lets through; refused or let through, it is on record where the library is preloaded."""
    if psql.query(server.cluster, "SELECT audit_immutable.preloaded()") != "t":
        return
    counted = "SELECT count(*) FROM audit_immutable.attempt WHERE message LIKE 'cannot reach audit table%'"
    for untrusted, refused in (("refuse", True), ("record", False)):
        server.set(trusted_networks="local", untrusted=untrusted)
        before = int(psql.query(server.cluster, counted))
        yield untrusted, _differs(server.says(f"{LOOK}; {LOOK}", "server", "127.0.0.1"), refused=refused)
        one_more = (f"DO $$ BEGIN FOR n IN 1..600 LOOP IF ({counted}) > {before} THEN RETURN; END IF;"
                    " PERFORM pg_sleep(0.1); END LOOP; RAISE 'not on record'; END $$")
        said = server.says(one_more, "server", "")
        yield f"{untrusted}: on record", str(said or "")
        client = psql.query(server.cluster, "SELECT client_address FROM audit_immutable.attempt ORDER BY at DESC LIMIT 1")
        yield f"{untrusted}: the address", "" if client == "127.0.0.1" else client


def _state(said: Said | None, state: str) -> str:
    return "" if said and said.state == state else f"not {state}, but {said}"


ALL = (
    Case("trusted networks", trusted),
    Case("lists of networks", networks),
    Case("every way", everything),
    Case("every way, by loopback", everything_by_loopback, needs_hosts=False),
    Case("TLS", tls),
    Case("a reload", reload, needs_hosts=False),
    Case("values", values, needs_hosts=False),
    Case("restrict", restricted, needs_hosts=False),
    Case("on record", recorded, needs_hosts=False),
)
