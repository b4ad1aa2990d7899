"""Receipts of rows."""
from cases import LOG, Log, case, encode, quote, sha
from cases.planned import committed, disclosure
from cases.shapes import NEEDLESS
from note import RFC_8032, WITNESS, Key, b64, checkpoint, note
from tree import inclusion, leaf_hash, root, row_entry, sha256

ORIGIN = "audit.example/bank/1"
KEY, W1 = Key(ORIGIN), Key("witness.example/w1", WITNESS, RFC_8032)


class Receipt:
    """A receipt of row `index` of a tree that has the rows of one log; a case changes any part of it."""

    def __init__(self, log=None, index=2, place=None, first=(), origin=ORIGIN, size=None, text=lambda text: text):
        log = log or Log().rows(5)
        self.log, opening = log, encode(log.lines[0])
        rows = [encode(line) for line in log.lines[1:]]
        self.extra = opening + b"\n" + rows[index] + b"\n"
        leaves = [*first, *(leaf_hash(row_entry(opening, row)) for row in rows)]
        self.index = len(first) + index
        self.proof = inclusion(self.index, leaves)
        self.root, self.size = root(leaves), len(leaves) if size is None else size
        self.text = text(checkpoint(origin, self.size, self.root))
        self.index = self.index if place is None else place

    def file(self, extra=None, proof=None, keys=(KEY,), note_=None, index=None, lines=lambda lines: lines):
        """extra: bytes, or the line's text; lines: changes what stands before the note."""
        extra = self.extra if extra is None else extra
        extra = b64(extra) if isinstance(extra, bytes) else extra
        parts = ["c2sp.org/tlog-proof@v1", f"extra {extra}", f"index {self.index if index is None else index}",
                 *(hash if isinstance(hash, str) else b64(hash) for hash in (self.proof if proof is None else proof))]
        return "".join(line + "\n" for line in lines(parts)) + "\n" + (note(self.text, *keys) if note_ is None else note_)


class Receipts:
    """Collects cases of receipts."""

    def __init__(self):
        self.cases = []

    def add(self, verdict, name, file, why, keys=(KEY,), origin=ORIGIN, log=LOG % 1, version=False):
        vkeys = [key.vkey for key in keys]
        self.cases.append(case(f"receipt: {name}", "receipt", verdict, file, why, version, keys=vkeys, origin=origin, log=log))

    def accept(self, *args, **named):
        self.add("accept", *args, **named)

    def refuse(self, *args, **named):
        self.add("refuse", *args, **named)


def places(c):
    rule = "Checkpoints and receipts: 6, it is leaf `index` of the tree with the checkpoint's size and root."
    for count in (1, 2, 3, 5, 8, 13):
        for index in sorted({0, count // 2, count - 1}):
            c.accept(f"of leaf {index} of {count}", Receipt(Log().rows(count), index).file(), rule)
    good = Receipt()
    c.refuse("another index", good.file(index=1), rule)
    c.refuse("the index of a row that ends up alike", Receipt(Log().rows(4), 3).file(index=2), rule)
    below = "Checkpoints and receipts: 4, `index` must be below the size."
    c.refuse("index is the size", good.file(index=5), below)
    c.refuse("index above the size", good.file(index=10), below)
    c.refuse("index far above the size", good.file(index=2**64 + 2), below)
    c.refuse("size 0", Receipt(Log().row(), 0, size=0).file(), below)
    number = "Checkpoints and receipts: `index` is decimal, as tlog-proof has it."
    for value in ("02", "-2", "+2", "2.0", "0x2", "", " 2", "2 ", "\u0662"):
        c.refuse(f"index {value!r}", good.file(index=value), number)

    proof = "Checkpoints and receipts: 6, the inclusion proof."
    c.refuse("a proof that is too short", good.file(proof=good.proof[:-1]), proof)
    c.refuse("a proof without its first hash", good.file(proof=good.proof[1:]), proof)
    c.refuse("no proof", good.file(proof=[]), proof)
    c.refuse("a proof that is too long", good.file(proof=[*good.proof, sha256(b"")]), proof)
    c.refuse("a proof of the only leaf", (one := Receipt(Log().row(), 0)).file(proof=[one.root]), proof)
    c.refuse("a proof in another order", good.file(proof=good.proof[::-1]), proof)
    c.refuse("a proof with another hash", good.file(proof=[sha256(b""), *good.proof[1:]]), proof)
    c.refuse("a proof of another leaf", good.file(proof=Receipt(index=3).proof), proof)
    c.refuse("a proof of 65 hashes", good.file(proof=[sha256(b"")] * 65),
             "Checkpoints and receipts: a proof has at most 64 hashes.")
    c.refuse("a hash of 31 bytes", good.file(proof=[good.proof[0][:31], *good.proof[1:]]),
             "Leaf entries and the tree: a proof is its hashes in base64, one a line.")
    c.refuse("two hashes in a line", good.file(proof=[good.proof[0] + good.proof[1], *good.proof[2:]]),
             "Leaf entries and the tree: a proof is its hashes in base64, one a line.")


def leaves(c):
    rule = "Checkpoints and receipts: 5, the leaf entry from the opening line's hash, `chain`, `seq` and the row's hash."
    good = Receipt()
    opening, row = good.extra[:-1].split(b"\n")

    def changed(old, new):
        assert old in good.extra
        return good.file(extra=good.extra.replace(old, new))

    c.refuse("the table's name changed", changed(b"public.t1", b"public.t2"), rule)
    c.refuse("the database changed", changed(b"5b2f1c0e-", b"5b2f1c0f-"), rule)
    c.refuse("the columns changed", changed(b'["v","text"]', b'["w","text"]'), rule)
    c.refuse("who opened it changed", changed(b"alice", b"mallory"), rule)
    c.refuse("the log changed, and told so", changed(b"5b1f0c01", b"5b1f0c02"), rule, log=LOG % 2)
    c.refuse("the row changed", changed(b"value", b"Value"), rule)
    c.refuse("the time changed", changed(b"13:50:47.105885", b"13:50:48.105885"), rule)
    c.refuse("the chain changed", changed(b'{"chain":1,', b'{"chain":2,'), rule)
    c.refuse("the seq changed", changed(b'"seq":3,', b'"seq":4,'), rule)
    c.refuse("the row of another leaf", good.file(extra=Receipt(index=1).extra), rule)
    c.refuse("the opening line of another log", good.file(extra=encode(Log(2).opening) + b"\n" + row + b"\n"), rule, log=LOG % 2)
    c.refuse("a leaf hash without the zero byte", leaf_receipt(lambda opening, row: sha256(row_entry(opening, row))),
             "Leaf entries and the tree: the leaf hash is SHA-256 of a zero byte and the entry.")
    c.refuse("an entry with the log's uuid", leaf_receipt(lambda opening,
                                                        row: leaf_hash(b"\1" + bytes.fromhex((LOG % 1).replace("-",
                                                                "")) + row_entry(opening, row)[33:])), rule)
    c.refuse("an entry of another kind", leaf_receipt(lambda opening, row: leaf_hash(b"\2" + row_entry(opening, row)[1:])), rule)
    c.refuse("an entry with the hash of the line and its LF", leaf_receipt(lambda opening,
            row: leaf_hash(row_entry(opening, row)[:45] + sha256(row + b"\n"))), rule)
    c.refuse("the row's hash as a leaf", leaf_receipt(lambda opening, row: sha256(row)), rule)


def leaf_receipt(leaf):
    """A receipt whose tree has other leaf hashes."""
    good = Receipt()
    lines = [encode(line) for line in good.log.lines]
    hashes = [leaf(lines[0], row) for row in lines[1:]]
    return good.file(proof=inclusion(2, hashes), note_=note(checkpoint(ORIGIN, 5, root(hashes)), KEY))


def rows(c):
    rule = "Checkpoints and receipts: 1, two lines in exactly the shapes above: an opening line and a row."
    log = Log().row().row(columns='[["id","bigint"]]', committed=committed()).row(2, row="{}").row(2147483647)
    for index, name in enumerate(("seq 1", "a row with columns and committed", "seq 1 of another chain",
                                  "seq 1 of chain 2147483647")):
        c.accept(f"of {name}", Receipt(log, index).file(), rule)
    c.accept("of a log with a limit on its chains", Receipt(Log(chains=4).rows(5)).file(), rule)
    c.accept("of a row nested deep", Receipt(Log().row().row(row='{"v":%s%s}' % ("[" * 5000, "]" * 5000)), 1).file(), rule)
    c.accept("of a row behind a gap", gap_receipt().file(), rule)
    one = "Checkpoints and receipts: 2, when the row's `seq` is 1, its `prev` must be the hash of the opening line."
    c.refuse("seq 1 that does not name the opening line", Receipt(Log().row(prev=quote("0" * 64)).row(), 0).file(), one)
    c.refuse("seq 1 of chain 2 that names the end of chain 1", Receipt((log := Log().row()).row(2, prev=quote(log.head()[2])),
            1).file(), one)
    c.refuse("seq 1 that names the opening line and its LF", Receipt(Log().row(prev=quote(sha(Log().opening + "\n"))), 0).file(),
             one)

    good = Receipt()
    opening, row = good.extra[:-1].split(b"\n")
    two = "Checkpoints and receipts: 1, two lines, each with its newline and nothing after."
    for name, extra in {"trailing bytes": good.extra + b"x", "a newline more": good.extra + b"\n",
                        "no last newline": good.extra[:-1], "the row twice": good.extra + row + b"\n",
                        "a third line": good.extra + b"{}\n", "the opening line alone": opening + b"\n",
                        "the row alone": row + b"\n", "nothing": b"", "a blank line between": opening + b"\n\n" + row + b"\n",
                        "CRLF": opening + b"\r\n" + row + b"\r\n", "a NUL at the end": good.extra + b"\0",
                        "a byte order mark": b"\xef\xbb\xbf" + good.extra}.items():
        c.refuse(f"extra, {name}", good.file(extra=extra), two)
    c.refuse("extra, the lines exchanged", good.file(extra=row + b"\n" + opening + b"\n"), rule)
    c.refuse("extra, two opening lines", good.file(extra=(opening + b"\n") * 2), rule)
    c.refuse("extra, two rows", good.file(extra=(row + b"\n") * 2), rule)
    for name, line in {"a gap": Log().rows(2).gap(3).lines[3], "a disclosure": disclosure('{"email":["%s",1]}' % ("0" * 64)),
                       "a provenance": Log().provenance([(1, 1, "0" * 64)]).lines[1]}.items():
        c.refuse(f"extra, {name} for the row", good.file(extra=opening + b"\n" + encode(line) + b"\n"), rule)
    for name, log in {"NaN in the row": Log().row().row(row='{"v":NaN}'),
                      "a member behind row": Log().row().row(edit=lambda line: line[:-1] + ',"x":1}'),
                      "a row that is not UTF-8": Log().row().row(row='{"v":"\udcff"}'),
                      "30 February": Log().row().row(at=quote("2024-02-30T00:00:00+00:00")),
                      "a session below 0": Log().row().row(session=-1),
                      "a needless escape": Log(by=quote(NEEDLESS["of a letter"])).row().row(),
                      "no database": Log(database=None).row().row(),
                      "a log in upper case": Log(log=quote((LOG % 1).upper())).row().row(),
                      "a space in the opening line": Log(edit=lambda line: line.replace('"by":', '"by": ')).row().row()}.items():
        c.refuse(f"extra, {name}", Receipt(log, 1).file(), rule, log=None if "log" in name else LOG % 1)
    c.refuse("extra, version 2", Receipt(Log(audit_immutable=2).rows(3)).file(),
             "Checkpoints and receipts: 1, the opening line's version being 1.", version=True)
    c.refuse("extra, version 2 and no shape", good.file(extra=b'{"audit_immutable":2}\n' + row + b"\n"),
             "Verifying a file, 1: of another version, whatever follows.", version=True)


def gap_receipt():
    log = Log().row().gap(5).row().row()
    del log.lines[2]  # a gap has no leaf of its own
    return Receipt(log, 1)


def files(c):
    good = Receipt()
    text = good.file()
    why = "Checkpoints and receipts: a tlog-proof with exactly one line `extra`, before `index`; nothing follows the note."
    c.refuse("another header", text.replace("@v1", "@v2", 1), why)
    c.refuse("no header", text.split("\n", 1)[1], why)
    c.refuse("an empty line in front", "\n" + text, why)
    c.refuse("no extra", good.file(lines=lambda lines: lines[:1] + lines[2:]), why)
    c.refuse("extra without anything", good.file(extra=""), why)
    c.refuse("two extra, the same", good.file(lines=lambda lines: lines[:2] + lines[1:]), why)
    c.refuse("two extra, one empty", good.file(lines=lambda lines: [lines[0], "extra ", *lines[1:]]), why)
    c.refuse("extra behind index", good.file(lines=lambda lines: [lines[0], lines[2], lines[1], *lines[3:]]), why)
    c.refuse("extra behind the proof", good.file(lines=lambda lines: [lines[0], *lines[2:], lines[1]]), why)
    c.refuse("extra in two lines", good.file(lines=lambda lines: [lines[0], lines[1][:100], lines[1][100:], *lines[2:]]), why)
    c.refuse("Extra in upper case", text.replace("\nextra ", "\nExtra "), why)
    c.refuse("no index", good.file(lines=lambda lines: lines[:2] + lines[3:]), why)
    c.refuse("two lines index", good.file(lines=lambda lines: lines[:3] + lines[2:]), why)
    c.refuse("another line", good.file(lines=lambda lines: [*lines[:2], "note x", *lines[2:]]), why)
    c.refuse("an empty line before the proof", good.file(lines=lambda lines: [*lines[:3], "", *lines[3:]]), why)
    c.refuse("no empty line behind the proof", text.replace("\n\n", "\n", 1), why)
    c.refuse("two empty lines behind the proof", text.replace("\n\n", "\n\n\n", 1), why)
    c.refuse("something behind the note", text + "x", why)
    c.refuse("an empty line behind the note", text + "\n", why)
    c.refuse("a second note", text + "\n" + note(good.text, KEY), why)
    c.refuse("CRLF", text.replace("\n", "\r\n"), why)
    c.refuse("not UTF-8", encode(text) + b"\xe2\x80\x94 \xff AAAAAAA=\n", why)
    c.refuse("empty", "", why)
    c.refuse("cut off in the proof", text[:text.index("\n\n") - 10], why)
    canonical = "Checkpoints and receipts: base64 is canonical: padded, unused bits zero, no line breaks in it."
    log = next(log for n in range(9) if len(Receipt(log := Log(table=quote("t" + "x" * n)).rows(5)).extra) % 3 == 1)
    padded = Receipt(log)
    extra = b64(padded.extra)
    c.accept("extra with two padding characters", padded.file(), canonical)
    for name, value in {"no padding": extra.rstrip("="), "half of the padding": extra[:-1], "padding too many": extra + "=",
                        "an unused bit set": unused_bit(extra),
                        "a space within": extra[:40] + " " + extra[40:], "a space behind": extra + " ",
                        "a tab": extra[:40] + "\t" + extra[40:], "padding within": extra[:4] + "====" + extra[4:]}.items():
        c.refuse(f"extra, base64: {name}", padded.file(extra=value), canonical)
    url = Receipt(Log().rows(2).row(row='{"v":"\u00bf\u00ff~~~???"}'))
    encoded = b64(url.extra)
    assert "+" in encoded or "/" in encoded
    c.refuse("extra, base64 of URLs", url.file(extra=encoded.replace("+", "-").replace("/", "_")),
             "Terms: base64 is that of RFC 4648, section 4.")
    first = b64(good.proof[0])
    for name, value in {"no padding": first.rstrip("="), "an unused bit set": unused_bit(first), "a space behind": first + " ",
                        "a space in front": " " + first}.items():
        c.refuse(f"proof, base64: {name}", good.file(proof=[value, *good.proof[1:]]), canonical)


def unused_bit(text):
    """The base64 with the lowest unused bit set."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    at = len(text.rstrip("=")) - 1
    return text[:at] + alphabet[alphabet.index(text[at]) | 1] + text[at + 1:]


def cases():
    receipts = Receipts()
    for topic in (places, leaves, rows, files):
        topic(receipts)
    return receipts.cases
