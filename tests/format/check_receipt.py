"""Check a receipt against docs/FORMAT.md, "Checkpoints and receipts", written from that text and RFC 9162, section 2.1.3.2.

The shapes of its two lines are those of docs/verify.py.
"""
import base64
import hashlib
import importlib.util
import pathlib
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

DATABASE, WITNESS = 1, 4  # types of keys


class Refused(Exception):
    """The receipt breaks a rule; the message says which."""


class OtherVersion(Refused):
    """Its opening line is of another version."""


def load_verifier():
    spec = importlib.util.spec_from_file_location("verify", pathlib.Path(__file__).resolve().parents[2] / "docs" / "verify.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


VERIFIER = load_verifier()


def require(holds, what):
    if not holds:
        raise Refused(what)


def decode(text, length=None):
    """Canonical base64."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Refused(f"no base64: {text[:80]!r}") from None
    require(base64.b64encode(data).decode() == text, f"base64 that is not canonical: {text[:80]!r}")
    require(length in (None, len(data)), f"{len(data)} bytes, not {length}: {text[:80]!r}")
    return data


def number(text):
    require(re.fullmatch("0|[1-9][0-9]*", text), f"no number: {text[:80]!r}")
    return int(text)


def sha256(data):
    return hashlib.sha256(data).digest()


def verify(data, vkeys, origin=None, log=None):
    """What the receipt says, as (opening, row, index, origin, size); refuses one that does not prove it."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise Refused("no UTF-8") from None
    receipt, separator, note = text.partition("\n\n")
    header, extra, index, *proof = [*receipt.split("\n"), "", "", ""][:3] + receipt.split("\n")[3:]
    require(header == "c2sp.org/tlog-proof@v1", "another header")
    require(separator and extra.startswith("extra ") and index.startswith("index "), "no receipt of a row")
    opening, row = lines(decode(extra[6:]))
    index, proof = number(index[6:]), [decode(line, 32) for line in proof]
    require(len(proof) <= 64, "more than 64 hashes")

    body, signatures = split(note)
    found, size, root = checkpoint(body)
    incarnation = incarnation_of(found)
    require(origin in (None, found), f"the origin is {found!r}")
    require(log in (None, opening.log), f"the log is {opening.log}")
    require(index < size, "the index is not below the size")
    require(index > 0 or incarnation == 1, "index 0 of a later incarnation is no row")
    place = row.chain.to_bytes(4, "big") + row.seq.to_bytes(8, "big")
    entry = b"\1" + bytes.fromhex(opening.hash) + place + bytes.fromhex(row.hash)
    require(climb(sha256(b"\0" + entry), index, size, proof) == root, "the row is not that leaf of the tree")
    check_signatures(body, signatures, found, [key(vkey) for vkey in vkeys])
    return opening, row, index, found, size


def lines(extra):
    require(extra.endswith(b"\n") and extra.count(b"\n") == 2, "extra is not two lines")
    try:
        opening, row = [VERIFIER.parse(n, line) for n, line in enumerate(extra[:-1].split(b"\n"), 1)]
    except VERIFIER.OtherVersion as other:
        raise OtherVersion(f"extra: {other}") from None
    except VERIFIER.Bad as bad:
        raise Refused(f"extra: {bad}") from None
    require(isinstance(opening, VERIFIER.Opening) and isinstance(row, VERIFIER.Link) and not row.gap,
            "extra is not an opening line and a row")
    require(row.seq > 1 or row.prev == opening.hash, "seq 1 does not name the opening line")
    return opening, row


def climb(hash, index, size, proof):
    """The root by the inclusion proof."""
    fn, sn = index, size - 1
    for sibling in proof:
        require(sn > 0, "the proof is too long")
        if fn & 1 or fn == sn:
            hash = sha256(b"\1" + sibling + hash)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            hash = sha256(b"\1" + hash + sibling)
        fn, sn = fn >> 1, sn >> 1
    require(sn == 0, "the proof is too short")
    return hash


def split(note):
    """The signed text, and (name, blob) of each signature."""
    require(not any(c < " " and c != "\n" for c in note), "a control character in the note")
    body, separator, signatures = note.rpartition("\n\n")
    require(separator and signatures.endswith("\n"), "no text, empty line and signatures")
    found = []
    for line in signatures[:-1].split("\n"):
        dash, name, blob = (line.split(" ") + ["", ""])[:3]
        require(dash == "\u2014" and name and "+" not in name and len(line.split(" ")) == 3, f"no signature: {line!r}")
        require(not any(c.isspace() for c in name), f"no name of a key: {name!r}")
        blob = decode(blob)
        require(len(blob) >= 5, f"a signature of {len(blob)} bytes")
        found.append((name, blob))
    require(1 <= len(found) <= 100, "no signature, or more than 100")
    return body + "\n", found


def checkpoint(body):
    origin, size, root, *_ = [*body[:-1].split("\n"), "", ""]
    require("" not in body[:-1].split("\n"), "an empty line in the text")
    return origin, number(size), decode(root, 32)


def incarnation_of(origin):
    """The last part of who signs, the database and the incarnation's number."""
    parts = re.fullmatch(r"[^ +]+/[^ +/]+/([1-9][0-9]*)", origin)
    require(parts and int(parts[1]) < 2**32, f"no origin: {origin!r}")
    return int(parts[1])


def key(vkey):
    """(name, ID, type, public key)."""
    name, id, material = vkey.split("+", 2)
    material = decode(material, 33)
    require(sha256(name.encode() + b"\n" + material)[:4].hex() == id, "a vkey with another ID")
    return name, bytes.fromhex(id), material[0], material[1:]


def check_signatures(body, signatures, origin, keys):
    by_database = False
    for name, blob in signatures:
        for known, id, kind, public in keys:
            if (name, blob[:4]) != (known, id):
                continue
            made = blob[4:]
            require(len(made) == {DATABASE: 64, WITNESS: 72}[kind], f"a signature by {name} of {len(made)} bytes")
            message = body.encode()
            if kind == WITNESS:
                time = int.from_bytes(made[:8], "big")
                require(time < 2**63, "a time above 2^63")
                message = f"cosignature/v1\ntime {time}\n{body}".encode()
            try:
                Ed25519PublicKey.from_public_bytes(public).verify(made[-64:], message)
            except InvalidSignature:
                raise Refused(f"a signature by {name} that is not good") from None
            by_database = by_database or kind == DATABASE and name == origin
    require(by_database, "not signed by the database")
