"""Checkpoints of receipts: their origins, texts and signatures."""
from cases import LOG, Log
from cases.receipts import KEY, ORIGIN, W1, Receipt, Receipts, unused_bit
from note import RFC_8032, WITNESS, Key, b64, checkpoint, note, signature
from tree import sha256

STRANGER = Key(ORIGIN, secret=RFC_8032)  # the origin's name, but another key


def origins(c):
    form = "Checkpoints and receipts: 3, the origin must have the form above: a number, decimal, from 1, no leading zeros."
    for origin in ("audit.example/bank/2", "audit.example/bank/10", "audit.example/a/b/c/1", "audit.example/bank/4294967295",
                   "audit//bank/1", "//bank/1", "audit.example/1/1"):
        c.accept(f"origin {origin}", Receipt(origin=origin, first=[sha256(b"the incarnation")]).file(keys=[Key(origin)]), form,
                 keys=[Key(origin)], origin=origin)
    for origin in ("audit.example/bank/0", "audit.example/bank/01", "audit.example/bank", "audit.example/bank/",
                   "audit.example/bank/1x", "audit.example/bank/-1", "audit.example/bank/1.0",
                   "audit.example/bank/one", "1", "audit.example/bank/\u0661", "audit.example/bank/4294967296",
                   "audit.example/bank/18446744073709551617", "bank/1", "/1", "//1", "audit.example//1", "/bank/1"):
        c.refuse(f"origin {origin}", Receipt(origin=origin).file(keys=[Key(origin)]), form, keys=[Key(origin)], origin=origin)
        c.refuse(f"origin {origin}, not told", Receipt(origin=origin).file(keys=[Key(origin)]), form, keys=[Key(origin)],
                 origin=None)
    later = "Checkpoints and receipts: 4, when the origin's number is above 1, `index` must not be 0."
    for origin in ("audit.example/bank/2", "audit.example/bank/4294967295"):
        key = Key(origin)
        c.refuse(f"index 0 under {origin}", Receipt(index=0, origin=origin).file(keys=[key]), later, keys=[key], origin=origin)
        c.refuse(f"the only leaf under {origin}", Receipt(Log().row(), 0, origin=origin).file(keys=[key]), later, keys=[key],
                 origin=origin)
    good = Receipt()
    compared = "Checkpoints and receipts: 3, the checkpoint's origin and the opening line's `log` must be the expected ones."
    c.accept("nothing told but the key", good.file(),
             "Checkpoints and receipts: a verifier that wasn't told the origin or the log says that nobody compared it.",
             origin=None, log=None)
    c.accept("the log not told", good.file(),
             "Checkpoints and receipts: a verifier that wasn't told the log says that nobody compared it.", log=None)
    c.accept("the origin not told", good.file(),
             "Checkpoints and receipts: a verifier that wasn't told the origin says that nobody compared it.", origin=None)
    c.refuse("another log expected", good.file(), compared, log=LOG % 2)
    other = Key("audit.example/other/1")
    c.refuse("another origin expected", good.file(keys=[KEY, other]), compared, keys=[KEY, other], origin=other.name)
    c.refuse("another incarnation expected", good.file(), compared, origin="audit.example/bank/2")
    c.refuse("an origin expected that begins alike", good.file(), compared, origin="audit.example/bank/11")
    c.refuse("an origin expected in upper case", good.file(), compared, origin=ORIGIN.upper())


def checkpoints(c):
    good = Receipt()
    root = b64(good.root)
    text = "Checkpoints and receipts: a checkpoint is three lines: origin, size without leading zeros, root in base64."
    c.accept("more lines in the checkpoint", Receipt(text=lambda text: text + "more\nand more\n").file(),
             "Checkpoints and receipts: the text may have more lines, which mean nothing.")
    for name, change in {"an empty line in it": lambda text: text + "\nmore\n",
                         "an empty line at its end": lambda text: text + "\n",
                         "no root": lambda text: text.rsplit("\n", 2)[0] + "\n",
                         "size 05": lambda text: text.replace("\n5\n", "\n05\n"),
                         "size +5": lambda text: text.replace("\n5\n", "\n+5\n"),
                         "no size": lambda text: text.replace("\n5\n", "\n\n"),
                         "size 5.0": lambda text: text.replace("\n5\n", "\n5.0\n"),
                         "a space behind the size": lambda text: text.replace("\n5\n", "\n5 \n"),
                         "a root without padding": lambda text: text.replace("=", ""),
                         "a root with an unused bit set": lambda text: text.replace(root, unused_bit(root)),
                         "a root of 31 bytes": lambda text: text.replace(root, b64(good.root[:31])),
                         "a control character": lambda text: text + "a\tb\n"}.items():
        c.refuse(f"checkpoint, {name}", Receipt(text=change).file(), text)
    rule = "Checkpoints and receipts: 6, the tree with the checkpoint's size and root."
    c.refuse("another root, signed", good.file(note_=note(checkpoint(ORIGIN, 5, sha256(b"")), KEY)), rule)
    c.refuse("a smaller size, signed", good.file(note_=note(checkpoint(ORIGIN, 4, good.root), KEY)), rule)
    c.refuse("a larger size, signed", good.file(note_=note(checkpoint(ORIGIN, 9, good.root), KEY)), rule)


def notes(c):
    good = Receipt()
    line, cosigned = KEY.signature(good.text), W1.signature(good.text)
    made = KEY.sign(good.text)

    def signed(*lines):
        return good.file(note_=good.text + "\n" + "".join(lines))

    rule = "Checkpoints and receipts: to verify a note, ignore the signatures whose name and key ID are not those of a known key."
    same_name = Key(ORIGIN, WITNESS, RFC_8032)
    c.accept("cosigned", signed(line, cosigned), rule, keys=[KEY, W1])
    c.accept("cosigned by a witness that isn't known", signed(line, cosigned), rule)
    c.accept("a witness first", signed(cosigned, line), rule, keys=[KEY, W1])
    c.accept("a known witness has not signed", signed(line), rule, keys=[KEY, W1])
    c.accept("a bad signature of a key that isn't known", signed(line, signature("witness.example/w2", bytes(76))), rule)
    c.accept("a signature of a type that nobody knows", signed(line, signature("x", b"\6" + bytes(200))), rule)
    c.accept("a signature under the origin's name with another key ID", signed(line, STRANGER.signature(good.text)), rule)
    c.accept("a witness named like the origin, and the database", signed(line, same_name.signature(good.text)), rule,
             keys=[KEY, same_name])
    c.accept("signed twice", signed(line, line), rule)
    c.accept("100 signatures", signed(*[cosigned] * 99, line), "Checkpoints and receipts: a note has 1 to 100 signatures.",
             keys=[KEY, W1])
    many = "Checkpoints and receipts: a note has 1 to 100 signatures."
    c.refuse("101 signatures", signed(*[cosigned] * 100, line), many)
    c.refuse("101 signatures, the database's first", signed(line, *[cosigned] * 100), many)
    c.refuse("no signature", good.file(note_=good.text + "\n"), many)
    c.refuse("no signature and no empty line", good.file(note_=good.text), many)
    short = "Checkpoints and receipts: a signature of fewer than 5 bytes is malformed, and so is its note, whoever's it is."
    for count in range(5):
        c.refuse(f"a stranger's signature of {count} bytes", signed(line, signature("x", bytes(count))), short)
    c.accept("a stranger's signature of 5 bytes", signed(line, signature("x", bytes(5))), short)
    bad = "Checkpoints and receipts: refuse the note when a signature of a known key is not good."
    c.refuse("a signature of another text", signed(KEY.signature(good.text + "more\n")), bad)
    c.refuse("a bit of the signature", signed(signature(ORIGIN, KEY.id + bytes([made[0] ^ 1]) + made[1:])), bad)
    c.refuse("a good signature and a bad one of the same key", signed(line, signature(ORIGIN, KEY.id + bytes(64))), bad)
    c.refuse("a signature without the last newline of the text", signed(KEY.signature(good.text[:-1])), bad)
    c.refuse("a signature of 63 bytes", signed(signature(ORIGIN, KEY.id + made[:63])), bad)
    c.refuse("a signature of 65 bytes", signed(signature(ORIGIN, KEY.id + made + b"\0")), bad)
    c.refuse("the text changed", good.file(note_=good.text.replace("\n5\n", "\n5\n", 1) + "more\n\n" + line), bad)
    c.refuse("a bad cosignature of a known witness", signed(line, signature(W1.name, W1.id + bytes(72))), bad, keys=[KEY, W1])
    c.refuse("a cosignature without its time", signed(line, signature(W1.name, W1.id + W1.sign(good.text)[8:])), bad,
             keys=[KEY, W1])
    c.refuse("a cosignature with another time", signed(line, signature(W1.name, W1.id + bytes(8) + W1.sign(good.text)[8:])), bad,
             keys=[KEY, W1])
    text_alone = W1.sign(good.text)[:8] + W1.private.sign(good.text.encode())
    c.refuse("a cosignature that signs the text alone", signed(line, signature(W1.name, W1.id + text_alone)), bad, keys=[KEY, W1])
    c.refuse("a cosignature at 2^63", signed(line, signature(W1.name, W1.id + W1.sign(good.text, 2**63))),
             "Checkpoints and receipts: the time is less than 2^63.", keys=[KEY, W1])
    c.accept("a cosignature at 2^63 - 1", signed(line, signature(W1.name, W1.id + W1.sign(good.text, 2**63 - 1))),
             "Checkpoints and receipts: the time is less than 2^63.", keys=[KEY, W1])
    none = "Checkpoints and receipts: refuse the note when no known key has signed, or none of those that have is the database's."
    c.refuse("signed by another key", signed(STRANGER.signature(good.text)), none)
    c.refuse("signed by the witness alone", signed(cosigned), none, keys=[KEY, W1])
    c.refuse("no key known", signed(line), none, keys=[])
    c.refuse("a witness's key named like the origin", signed(same_name.signature(good.text)), none, keys=[same_name])
    c.refuse("a witness's key named like the origin, the database's known", signed(same_name.signature(good.text)), none,
             keys=[KEY, same_name])
    elsewhere = Key("audit.example/other/1")
    c.refuse("signed under another name", signed(elsewhere.signature(good.text)), none, keys=[elsewhere], origin=None)
    c.refuse("signed under another name, both known", signed(elsewhere.signature(good.text)), none, keys=[KEY, elsewhere])
    c.refuse("the database's public key as a witness's", signed(Key(ORIGIN, WITNESS).signature(good.text)), none,
             keys=[Key(ORIGIN, WITNESS)])
    form = "Checkpoints and receipts: a line each: an em dash, a space, the name of the key, a space, and base64."
    blob = b64(KEY.id + made)
    for name, value in {"a hyphen": f"- {ORIGIN} {blob}\n", "an en dash": f"\u2013 {ORIGIN} {blob}\n",
                        "no dash": f"{ORIGIN} {blob}\n", "two spaces": f"\u2014 {ORIGIN}  {blob}\n",
                        "a space behind": f"\u2014 {ORIGIN} {blob} \n",
                        "no name": f"\u2014  {blob}\n", "a space in front": f" \u2014 {ORIGIN} {blob}\n",
                        "no base64": f"\u2014 {ORIGIN}\n", "no padding": f"\u2014 {ORIGIN} {blob.rstrip('=')}\n",
                        "base64 with an unused bit set": f"\u2014 {ORIGIN} {unused_bit(blob)}\n",
                        "an empty line behind it": line + "\n" + line, "a line that is none": line + "signed\n"}.items():
        c.refuse(f"signature, {name}", signed(value), form)
    c.refuse("the last newline missing", signed(line)[:-1],
             "Checkpoints and receipts: a note ends with the newline of the last signature.")


def cases():
    receipts = Receipts()
    for topic in (origins, checkpoints, notes):
        topic(receipts)
    return receipts.cases
