"""The cases of docs/cases.jsonl, by topic; ../make_cases.py writes them."""
import base64
import hashlib

LOG = "0b9df7ec-5b1c-4a64-9d0c-3c1c5b1f0c%02d"
DATABASE = "5b2f1c0e-94d7-4a3b-8e61-7d0a2c9f4e18"
EVENT = hashlib.sha256(b"a row of audit_immutable.event").hexdigest()
OTHER_EVENT = hashlib.sha256(b"another row of audit_immutable.event").hexdigest()


def encode(text):
    """Bytes; a byte that is not UTF-8 stands in the text as U+DC80 to U+DCFF."""
    return text.encode("utf-8", "surrogateescape")


def sha(text):
    return hashlib.sha256(encode(text)).hexdigest()


def quote(text):
    return f'"{text}"'


def members(values):
    """An object of members whose values are JSON already; a member that is None is left out."""
    return "{" + ",".join(f'"{name}":{value}' for name, value in values.items() if value is not None) + "}"


def unchanged(line):
    return line


class Log:
    """Lines of one log. A case changes members by name, or the line by `edit`; what follows has the hash of what came of it."""

    def __init__(self, number=1, edit=unchanged, **changes):
        self.opening = edit(members({
            "audit_immutable": 1, "database": quote(DATABASE), "log": quote(LOG % number), "table": quote(f"public.t{number}"),
            "columns": '[["id","bigint"],["v","text"]]', "chains": None, "opened": quote("2026-11-20T13:50:47+00:00"),
            "by": quote("alice"), **changes}))
        self.lines, self.ends = [self.opening], {}

    def place(self, chain):
        """The next seq of a chain, and the hash of the line before."""
        return self.ends.get(chain, (1, sha(self.opening)))

    def row(self, chain=1, /, edit=unchanged, **changes):
        seq, prev = self.place(chain)
        line = edit(members({
            "chain": chain, "seq": seq, "prev": quote(prev), "at": quote("2026-11-20T13:50:47.105885+00:00"), "session": 17,
            "columns": None, "committed": None, "row": f'{{"id":{seq},"v":"value {chain}/{seq}"}}', **changes}))
        self.ends[chain] = int(changes.get("seq") or seq) + 1, sha(line)
        return self.add(line)

    def rows(self, count, chain=1):
        for _ in range(count):
            self.row(chain)
        return self

    def gap(self, count, chain=1, /, edit=unchanged, **changes):
        seq, prev = self.place(chain)
        hash = sha(f"row {seq + count - 1} of chain {chain}, which is not there")
        self.ends[chain] = seq + count, hash
        return self.add(edit(members({
            "chain": chain, "seq": seq, "prev": quote(prev), "gap": quote("purged"), "last": seq + count - 1, "hash": quote(hash),
            "count": count, "event": quote(EVENT), **changes})))

    def provenance(self, heads, /, edit=unchanged, **changes):
        """heads: (chain, seq, hash)."""
        return self.add(edit(members({
            "provenance": quote("restored"), "log": self.opening.split('"log":')[1].split(",")[0], "database": quote(DATABASE),
            "at": quote("2026-11-21T08:00:00+00:00"), "by": quote("bob"),
            "heads": "[" + ",".join(f'[{chain},{seq},"{hash}"]' for chain, seq, hash in heads) + "]", "event": quote(EVENT),
            **changes})), 1)

    def add(self, line, at=None):
        self.lines.insert(len(self.lines) if at is None else at, line)
        return self

    def head(self, chain=1):
        """The last row or gap of a chain so far, as (chain, seq, hash)."""
        after, hash = self.ends[chain]
        return chain, after - 1, hash

    def text(self, end="\n"):
        return "".join(line + end for line in self.lines)


def head(chain, seq, hash):
    return f"{chain}:{seq}:{hash}"


def case(name, kind, verdict, file, why, version=False, **more):
    data = encode(file) if isinstance(file, str) else file
    try:
        file = {"file": data.decode()}
    except UnicodeDecodeError:
        file = {"file_base64": base64.b64encode(data).decode()}
    return {"name": name, "kind": kind, **file, **more, "verdict": verdict, **({"version": True} if version else {}), "why": why}


class Exports:
    """Collects cases of export files."""

    def __init__(self, topic):
        self.topic, self.cases = topic, []

    def add(self, verdict, name, file, why, heads=(), events=(), version=False):
        file = file.text() if isinstance(file, Log) else file
        heads = [head(*h) if isinstance(h, tuple) else h for h in heads]
        self.cases.append(case(f"{self.topic}: {name}", "export", verdict, file, why, version, heads=heads, events=list(events)))

    def accept(self, *args, **named):
        self.add("accept", *args, **named)

    def refuse(self, *args, **named):
        self.add("refuse", *args, **named)
