"""Receipts of rows."""
from cases import LOG, Log, case, encode, quote, sha
from cases.planned import committed, disclosure
from cases.shapes import NEEDLESS
from note import RFC_8032, WITNESS, Key, b64, checkpoint, note, signature
from tree import inclusion, leaf_hash, root, row_entry, sha256

ORIGIN = "audit.example/bank/1"
KEY, W1 = Key(ORIGIN), Key("witness.example/w1", WITNESS, RFC_8032)
STRANGER = Key(ORIGIN, secret=RFC_8032)  # the origin's name, but another key


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


CASES = []


def add(verdict, name, file, why, keys=(KEY,), origin=ORIGIN, log=LOG % 1, version=False):
    vkeys = [key if isinstance(key, str) else key.vkey for key in keys]
    CASES.append(case(f"receipt: {name}", "receipt", verdict, file, why, version, keys=vkeys, origin=origin, log=log))


def accept(*args, **named):
    add("accept", *args, **named)


def refuse(*args, **named):
    add("refuse", *args, **named)


def places():
    rule = "Checkpoints and receipts: 6, it is leaf `index` of the tree with the checkpoint's size and root."
    for count in (1, 2, 3, 5, 8, 13):
        for index in sorted({0, count // 2, count - 1}):
            accept(f"of leaf {index} of {count}", Receipt(Log().rows(count), index).file(), rule)
    good = Receipt()
    refuse("another index", good.file(index=1), rule)
    refuse("the index of a row that ends up alike", Receipt(Log().rows(4), 3).file(index=2), rule)
    below = "Checkpoints and receipts: 4, `index` must be below the size."
    refuse("index is the size", good.file(index=5), below)
    refuse("index above the size", good.file(index=10), below)
    refuse("index far above the size", good.file(index=2**64 + 2), below)
    refuse("size 0", Receipt(Log().row(), 0, size=0).file(), below)
    number = "Checkpoints and receipts: `index` is decimal, as tlog-proof has it."
    for value in ("02", "-2", "+2", "2.0", "0x2", "", " 2", "2 ", "\u0662"):
        refuse(f"index {value!r}", good.file(index=value), number)

    proof = "Checkpoints and receipts: 6, the inclusion proof."
    refuse("a proof that is too short", good.file(proof=good.proof[:-1]), proof)
    refuse("a proof without its first hash", good.file(proof=good.proof[1:]), proof)
    refuse("no proof", good.file(proof=[]), proof)
    refuse("a proof that is too long", good.file(proof=[*good.proof, sha256(b"")]), proof)
    refuse("a proof of the only leaf", (one := Receipt(Log().row(), 0)).file(proof=[one.root]), proof)
    refuse("a proof in another order", good.file(proof=good.proof[::-1]), proof)
    refuse("a proof with another hash", good.file(proof=[sha256(b""), *good.proof[1:]]), proof)
    refuse("a proof of another leaf", good.file(proof=Receipt(index=3).proof), proof)
    refuse("a proof of 65 hashes", good.file(proof=[sha256(b"")] * 65), "Checkpoints and receipts: a proof has at most 64 hashes.")
    refuse("a hash of 31 bytes", good.file(proof=[good.proof[0][:31], *good.proof[1:]]), "Leaf entries and the tree: a proof is its hashes in base64, one a line.")
    refuse("two hashes in a line", good.file(proof=[good.proof[0] + good.proof[1], *good.proof[2:]]), "Leaf entries and the tree: a proof is its hashes in base64, one a line.")


def leaves():
    rule = "Checkpoints and receipts: 5, the leaf entry from the hash of the opening line, `chain`, `seq` and the hash of the row's line."
    good = Receipt()
    opening, row = good.extra[:-1].split(b"\n")

    def changed(old, new):
        assert old in good.extra
        return good.file(extra=good.extra.replace(old, new))

    refuse("the table's name changed", changed(b"public.t1", b"public.t2"), rule)
    refuse("the database changed", changed(b"5b2f1c0e-", b"5b2f1c0f-"), rule)
    refuse("the columns changed", changed(b'["v","text"]', b'["w","text"]'), rule)
    refuse("who opened it changed", changed(b"alice", b"mallory"), rule)
    refuse("the log changed, and told so", changed(b"5b1f0c01", b"5b1f0c02"), rule, log=LOG % 2)
    refuse("the row changed", changed(b"value", b"Value"), rule)
    refuse("the time changed", changed(b"13:50:47.105885", b"13:50:48.105885"), rule)
    refuse("the chain changed", changed(b'{"chain":1,', b'{"chain":2,'), rule)
    refuse("the seq changed", changed(b'"seq":3,', b'"seq":4,'), rule)
    refuse("the row of another leaf", good.file(extra=Receipt(index=1).extra), rule)
    refuse("the opening line of another log", good.file(extra=encode(Log(2).opening) + b"\n" + row + b"\n"), rule, log=LOG % 2)
    refuse("a leaf hash without the zero byte", leaf_receipt(lambda opening, row: sha256(row_entry(opening, row))), "Leaf entries and the tree: the leaf hash is SHA-256 of a zero byte and the entry.")
    refuse("an entry with the log's uuid", leaf_receipt(lambda opening, row: leaf_hash(b"\1" + bytes.fromhex((LOG % 1).replace("-", "")) + row_entry(opening, row)[33:])), rule)
    refuse("an entry of another kind", leaf_receipt(lambda opening, row: leaf_hash(b"\2" + row_entry(opening, row)[1:])), rule)
    refuse("an entry with the hash of the line and its LF", leaf_receipt(lambda opening, row: leaf_hash(row_entry(opening, row)[:45] + sha256(row + b"\n"))), rule)
    refuse("the row's hash as a leaf", leaf_receipt(lambda opening, row: sha256(row)), rule)


def leaf_receipt(leaf):
    """A receipt whose tree has other leaf hashes."""
    good = Receipt()
    lines = [encode(line) for line in good.log.lines]
    hashes = [leaf(lines[0], row) for row in lines[1:]]
    return good.file(proof=inclusion(2, hashes), note_=note(checkpoint(ORIGIN, 5, root(hashes)), KEY))


def rows():
    rule = "Checkpoints and receipts: 1, two lines in exactly the shapes above: an opening line and a row."
    log = Log().row().row(columns='[["id","bigint"]]', committed=committed()).row(2, row="{}").row(2147483647)
    for index, name in enumerate(("seq 1", "a row with columns and committed", "seq 1 of another chain", "seq 1 of chain 2147483647")):
        accept(f"of {name}", Receipt(log, index).file(), rule)
    accept("of a log with a limit on its chains", Receipt(Log(chains=4).rows(5)).file(), rule)
    accept("of a row nested deep", Receipt(Log().row().row(row='{"v":%s%s}' % ("[" * 5000, "]" * 5000)), 1).file(), rule)
    accept("of a row behind a gap", gap_receipt().file(), rule)
    one = "Checkpoints and receipts: 2, when the row's `seq` is 1, its `prev` must be the hash of the opening line."
    refuse("seq 1 that does not name the opening line", Receipt(Log().row(prev=quote("0" * 64)).row(), 0).file(), one)
    refuse("seq 1 of chain 2 that names the end of chain 1", Receipt((log := Log().row()).row(2, prev=quote(log.head()[2])), 1).file(), one)
    refuse("seq 1 that names the opening line and its LF", Receipt(Log().row(prev=quote(sha(Log().opening + "\n"))), 0).file(), one)

    good = Receipt()
    opening, row = good.extra[:-1].split(b"\n")
    two = "Checkpoints and receipts: 1, two lines, each with its newline and nothing after."
    for name, extra in {"trailing bytes": good.extra + b"x", "a newline more": good.extra + b"\n", "no last newline": good.extra[:-1], "the row twice": good.extra + row + b"\n",
                        "a third line": good.extra + b"{}\n", "the opening line alone": opening + b"\n", "the row alone": row + b"\n", "nothing": b"", "a blank line between": opening + b"\n\n" + row + b"\n",
                        "CRLF": opening + b"\r\n" + row + b"\r\n", "a NUL at the end": good.extra + b"\0", "a byte order mark": b"\xef\xbb\xbf" + good.extra}.items():
        refuse(f"extra, {name}", good.file(extra=extra), two)
    refuse("extra, the lines exchanged", good.file(extra=row + b"\n" + opening + b"\n"), rule)
    refuse("extra, two opening lines", good.file(extra=(opening + b"\n") * 2), rule)
    refuse("extra, two rows", good.file(extra=(row + b"\n") * 2), rule)
    for name, line in {"a gap": Log().rows(2).gap(3).lines[3], "a disclosure": disclosure('{"email":["%s",1]}' % ("0" * 64)), "a provenance": Log().provenance([(1, 1, "0" * 64)]).lines[1]}.items():
        refuse(f"extra, {name} for the row", good.file(extra=opening + b"\n" + encode(line) + b"\n"), rule)
    for name, log in {"NaN in the row": Log().row().row(row='{"v":NaN}'), "a member behind row": Log().row().row(edit=lambda line: line[:-1] + ',"x":1}'),
                      "a row that is not UTF-8": Log().row().row(row='{"v":"\udcff"}'), "30 February": Log().row().row(at=quote("2024-02-30T00:00:00+00:00")),
                      "a session below 0": Log().row().row(session=-1), "a needless escape": Log(by=quote(NEEDLESS["of a letter"])).row().row(),
                      "no database": Log(database=None).row().row(), "a log in upper case": Log(log=quote((LOG % 1).upper())).row().row(),
                      "a space in the opening line": Log(edit=lambda line: line.replace('"by":', '"by": ')).row().row()}.items():
        refuse(f"extra, {name}", Receipt(log, 1).file(), rule, log=None if "log" in name else LOG % 1)
    refuse("extra, version 2", Receipt(Log(audit_immutable=2).rows(3)).file(), "Checkpoints and receipts: 1, the opening line's version being 1.", version=True)
    refuse("extra, version 2 and no shape", good.file(extra=b'{"audit_immutable":2}\n' + row + b"\n"), "Verifying a file, 1: of another version, whatever follows.", version=True)


def gap_receipt():
    log = Log().row().gap(5).row().row()
    del log.lines[2]  # a gap has no leaf of its own
    return Receipt(log, 1)


def files():
    good = Receipt()
    text = good.file()
    why = "Checkpoints and receipts: a receipt is a tlog-proof; exactly one line `extra`, before `index`; nothing follows the note."
    refuse("another header", text.replace("@v1", "@v2", 1), why)
    refuse("no header", text.split("\n", 1)[1], why)
    refuse("an empty line in front", "\n" + text, why)
    refuse("no extra", good.file(lines=lambda lines: lines[:1] + lines[2:]), why)
    refuse("extra without anything", good.file(extra=""), why)
    refuse("two extra, the same", good.file(lines=lambda lines: lines[:2] + lines[1:]), why)
    refuse("two extra, one empty", good.file(lines=lambda lines: [lines[0], "extra ", *lines[1:]]), why)
    refuse("extra behind index", good.file(lines=lambda lines: [lines[0], lines[2], lines[1], *lines[3:]]), why)
    refuse("extra behind the proof", good.file(lines=lambda lines: [lines[0], *lines[2:], lines[1]]), why)
    refuse("extra in two lines", good.file(lines=lambda lines: [lines[0], lines[1][:100], lines[1][100:], *lines[2:]]), why)
    refuse("Extra in upper case", good.file(lines=lambda lines: [lines[0], lines[1].replace("extra", "Extra"), *lines[2:]]), why)
    refuse("no index", good.file(lines=lambda lines: lines[:2] + lines[3:]), why)
    refuse("two lines index", good.file(lines=lambda lines: lines[:3] + lines[2:]), why)
    refuse("another line", good.file(lines=lambda lines: [*lines[:2], "note x", *lines[2:]]), why)
    refuse("an empty line before the proof", good.file(lines=lambda lines: [*lines[:3], "", *lines[3:]]), why)
    refuse("no empty line behind the proof", text.replace("\n\n", "\n", 1), why)
    refuse("two empty lines behind the proof", text.replace("\n\n", "\n\n\n", 1), why)
    refuse("something behind the note", text + "x", why)
    refuse("an empty line behind the note", text + "\n", why)
    refuse("a second note", text + "\n" + note(good.text, KEY), why)
    refuse("CRLF", text.replace("\n", "\r\n"), why)
    refuse("not UTF-8", encode(text) + b"\xe2\x80\x94 \xff AAAAAAA=\n", why)
    refuse("empty", "", why)
    refuse("cut off in the proof", text[:text.index("\n\n") - 10], why)
    canonical = "Checkpoints and receipts: base64 is canonical: padded, unused bits zero, no line breaks in it."
    log = next(log for n in range(9) if len(Receipt(log := Log(table=quote("t" + "x" * n)).rows(5)).extra) % 3 == 1)
    padded = Receipt(log)
    extra = b64(padded.extra)
    accept("extra with two padding characters", padded.file(), canonical)
    for name, value in {"no padding": extra.rstrip("="), "half of the padding": extra[:-1], "padding too many": extra + "=", "an unused bit set": unused_bit(extra),
                        "a space within": extra[:40] + " " + extra[40:], "a space behind": extra + " ", "a tab": extra[:40] + "\t" + extra[40:], "padding within": extra[:4] + "====" + extra[4:]}.items():
        refuse(f"extra, base64: {name}", padded.file(extra=value), canonical)
    url = Receipt(Log().rows(2).row(row='{"v":"\u00bf\u00ff~~~???"}'))
    encoded = b64(url.extra)
    assert "+" in encoded or "/" in encoded
    refuse("extra, base64 of URLs", url.file(extra=encoded.replace("+", "-").replace("/", "_")), "Terms: base64 is that of RFC 4648, section 4.")
    first = b64(good.proof[0])
    for name, value in {"no padding": first.rstrip("="), "an unused bit set": unused_bit(first), "a space behind": first + " ", "a space in front": " " + first}.items():
        refuse(f"proof, base64: {name}", good.file(proof=[value, *good.proof[1:]]), canonical)


def unused_bit(text):
    """The base64 with the lowest unused bit set."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    at = len(text.rstrip("=")) - 1
    return text[:at] + alphabet[alphabet.index(text[at]) | 1] + text[at + 1:]


def origins():
    form = "Checkpoints and receipts: 3, the origin must have the form above; its number is decimal, from 1, without leading zeros."
    for origin in ("audit.example/bank/2", "audit.example/bank/10", "audit.example/a/b/c/1"):
        accept(f"origin {origin}", Receipt(origin=origin, first=[sha256(b"the incarnation")]).file(keys=[Key(origin)]), form, keys=[Key(origin)], origin=origin)
    for origin in ("audit.example/bank/0", "audit.example/bank/01", "audit.example/bank", "audit.example/bank/", "audit.example/bank/1x", "audit.example/bank/-1", "audit.example/bank/1.0",
                   "audit.example/bank/one", "1", "audit.example/bank/\u0661"):
        refuse(f"origin {origin}", Receipt(origin=origin).file(keys=[Key(origin)]), form, keys=[Key(origin)], origin=origin)
        refuse(f"origin {origin}, not told", Receipt(origin=origin).file(keys=[Key(origin)]), form, keys=[Key(origin)], origin=None)
    later = "Checkpoints and receipts: 4, when the origin's number is above 1, `index` must not be 0."
    for origin in ("audit.example/bank/2", "audit.example/bank/4294967295"):
        key = Key(origin)
        refuse(f"index 0 under {origin}", Receipt(index=0, origin=origin).file(keys=[key]), later, keys=[key], origin=origin)
        refuse(f"the only leaf under {origin}", Receipt(Log().row(), 0, origin=origin).file(keys=[key]), later, keys=[key], origin=origin)
    good, compared = Receipt(), "Checkpoints and receipts: 3, the checkpoint's origin must be the expected one; the opening line's `log` must be the expected one."
    accept("nothing told but the key", good.file(), "Checkpoints and receipts: a verifier that wasn't told the origin or the log says that nobody compared it.", origin=None, log=None)
    accept("the log not told", good.file(), "Checkpoints and receipts: a verifier that wasn't told the log says that nobody compared it.", log=None)
    accept("the origin not told", good.file(), "Checkpoints and receipts: a verifier that wasn't told the origin says that nobody compared it.", origin=None)
    refuse("another log expected", good.file(), compared, log=LOG % 2)
    other = Key("audit.example/other/1")
    refuse("another origin expected", good.file(keys=[KEY, other]), compared, keys=[KEY, other], origin=other.name)
    refuse("another incarnation expected", good.file(), compared, origin="audit.example/bank/2")
    refuse("an origin expected that begins alike", good.file(), compared, origin="audit.example/bank/11")
    refuse("an origin expected in upper case", good.file(), compared, origin=ORIGIN.upper())


def checkpoints():
    good = Receipt()
    text = "Checkpoints and receipts: a checkpoint is three lines: origin, size without leading zeros, root in base64."
    accept("more lines in the checkpoint", Receipt(text=lambda text: text + "more\nand more\n").file(), "Checkpoints and receipts: the text may have more lines, which mean nothing.")
    for name, change in {"an empty line in it": lambda text: text + "\nmore\n", "an empty line at its end": lambda text: text + "\n", "no root": lambda text: text.rsplit("\n", 2)[0] + "\n",
                         "size 05": lambda text: text.replace("\n5\n", "\n05\n"), "size +5": lambda text: text.replace("\n5\n", "\n+5\n"), "no size": lambda text: text.replace("\n5\n", "\n\n"),
                         "size 5.0": lambda text: text.replace("\n5\n", "\n5.0\n"), "a space behind the size": lambda text: text.replace("\n5\n", "\n5 \n"),
                         "a root without padding": lambda text: text.replace("=", ""), "a root with an unused bit set": lambda text: text[:text.rindex("\n", 0, -1) + 1] + unused_bit(text[text.rindex("\n", 0, -1) + 1:-1]) + "\n",
                         "a root of 31 bytes": lambda text: text[:text.rindex("\n", 0, -1) + 1] + b64(good.root[:31]) + "\n", "a control character": lambda text: text + "a\tb\n"}.items():
        refuse(f"checkpoint, {name}", Receipt(text=change).file(), text)
    rule = "Checkpoints and receipts: 6, the tree with the checkpoint's size and root."
    refuse("another root, signed", good.file(note_=note(checkpoint(ORIGIN, 5, sha256(b"")), KEY)), rule)
    refuse("a smaller size, signed", good.file(note_=note(checkpoint(ORIGIN, 4, good.root), KEY)), rule)
    refuse("a larger size, signed", good.file(note_=note(checkpoint(ORIGIN, 9, good.root), KEY)), rule)


def notes():
    good = Receipt()
    line, cosigned = KEY.signature(good.text), W1.signature(good.text)
    made = KEY.sign(good.text)

    def signed(*lines):
        return good.file(note_=good.text + "\n" + "".join(lines))

    rule = "Checkpoints and receipts: to verify a note, ignore the signatures whose name and key ID are not those of a known key."
    same_name = Key(ORIGIN, WITNESS, RFC_8032)
    accept("cosigned", signed(line, cosigned), rule, keys=[KEY, W1])
    accept("cosigned by a witness that isn't known", signed(line, cosigned), rule)
    accept("a witness first", signed(cosigned, line), rule, keys=[KEY, W1])
    accept("a known witness has not signed", signed(line), rule, keys=[KEY, W1])
    accept("a bad signature of a key that isn't known", signed(line, signature("witness.example/w2", bytes(76))), rule)
    accept("a signature of a type that nobody knows", signed(line, signature("x", b"\6" + bytes(200))), rule)
    accept("a signature under the origin's name with another key ID", signed(line, STRANGER.signature(good.text)), rule)
    accept("a witness named like the origin, and the database", signed(line, same_name.signature(good.text)), rule, keys=[KEY, same_name])
    accept("signed twice", signed(line, line), rule)
    accept("100 signatures", signed(*[cosigned] * 99, line), "Checkpoints and receipts: a note has 1 to 100 signatures.", keys=[KEY, W1])
    many = "Checkpoints and receipts: a note has 1 to 100 signatures."
    refuse("101 signatures", signed(*[cosigned] * 100, line), many)
    refuse("101 signatures, the database's first", signed(line, *[cosigned] * 100), many)
    refuse("no signature", good.file(note_=good.text + "\n"), many)
    refuse("no signature and no empty line", good.file(note_=good.text), many)
    bad = "Checkpoints and receipts: refuse the note when a signature of a known key is not good."
    refuse("a signature of another text", signed(KEY.signature(good.text + "more\n")), bad)
    refuse("a bit of the signature", signed(signature(ORIGIN, KEY.id + bytes([made[0] ^ 1]) + made[1:])), bad)
    refuse("a good signature and a bad one of the same key", signed(line, signature(ORIGIN, KEY.id + bytes(64))), bad)
    refuse("a signature without the last newline of the text", signed(KEY.signature(good.text[:-1])), bad)
    refuse("a signature of 63 bytes", signed(signature(ORIGIN, KEY.id + made[:63])), bad)
    refuse("a signature of 65 bytes", signed(signature(ORIGIN, KEY.id + made + b"\0")), bad)
    refuse("the text changed", good.file(note_=good.text.replace("\n5\n", "\n5\n", 1) + "more\n\n" + line), bad)
    refuse("a bad cosignature of a known witness", signed(line, signature(W1.name, W1.id + bytes(72))), bad, keys=[KEY, W1])
    refuse("a cosignature without its time", signed(line, signature(W1.name, W1.id + W1.sign(good.text)[8:])), bad, keys=[KEY, W1])
    refuse("a cosignature with another time", signed(line, signature(W1.name, W1.id + bytes(8) + W1.sign(good.text)[8:])), bad, keys=[KEY, W1])
    refuse("a cosignature that signs the text alone", signed(line, signature(W1.name, W1.id + W1.sign(good.text)[:8] + W1.private.sign(good.text.encode()))), bad, keys=[KEY, W1])
    refuse("a cosignature at 2^63", signed(line, signature(W1.name, W1.id + W1.sign(good.text, 2**63))), "Checkpoints and receipts: the time is less than 2^63.", keys=[KEY, W1])
    accept("a cosignature at 2^63 - 1", signed(line, signature(W1.name, W1.id + W1.sign(good.text, 2**63 - 1))), "Checkpoints and receipts: the time is less than 2^63.", keys=[KEY, W1])
    none = "Checkpoints and receipts: refuse the note when none of the known keys has signed, or none of those that have is the database's."
    refuse("signed by another key", signed(STRANGER.signature(good.text)), none)
    refuse("signed by the witness alone", signed(cosigned), none, keys=[KEY, W1])
    refuse("no key known", signed(line), none, keys=[])
    refuse("a witness's key named like the origin", signed(same_name.signature(good.text)), none, keys=[same_name])
    refuse("a witness's key named like the origin, the database's known", signed(same_name.signature(good.text)), none, keys=[KEY, same_name])
    elsewhere = Key("audit.example/other/1")
    refuse("signed under another name", signed(elsewhere.signature(good.text)), none, keys=[elsewhere], origin=None)
    refuse("signed under another name, both known", signed(elsewhere.signature(good.text)), none, keys=[KEY, elsewhere])
    refuse("the database's public key as a witness's", signed(Key(ORIGIN, WITNESS).signature(good.text)), none, keys=[Key(ORIGIN, WITNESS)])
    form = "Checkpoints and receipts: a line each: an em dash, a space, the name of the key, a space, and base64."
    blob = b64(KEY.id + made)
    for name, value in {"a hyphen": f"- {ORIGIN} {blob}\n", "an en dash": f"\u2013 {ORIGIN} {blob}\n", "no dash": f"{ORIGIN} {blob}\n", "two spaces": f"\u2014 {ORIGIN}  {blob}\n", "a space behind": f"\u2014 {ORIGIN} {blob} \n",
                        "no name": f"\u2014  {blob}\n", "a space in front": f" \u2014 {ORIGIN} {blob}\n", "no base64": f"\u2014 {ORIGIN}\n", "no padding": f"\u2014 {ORIGIN} {blob.rstrip('=')}\n",
                        "base64 with an unused bit set": f"\u2014 {ORIGIN} {unused_bit(blob)}\n", "an empty line behind it": line + "\n" + line, "a line that is none": line + "signed\n"}.items():
        refuse(f"signature, {name}", signed(value), form)
    refuse("the last newline missing", signed(line)[:-1], "Checkpoints and receipts: a note ends with the newline of the last signature.")


def cases():
    CASES.clear()
    for topic in (places, leaves, rows, files, origins, checkpoints, notes):
        topic()
    return list(CASES)
