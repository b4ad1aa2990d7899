"""check_tiles.py on logs of its own, sound and damaged in every way it can think of."""
from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import os
import random
import re
import tempfile
import unittest
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from check_tiles import (
    ENTRIES, FULL, HASH, MAX_NOTE, Tile, VerifierKey, check_directory, combine, leaf_hash, main, missing,
    open_note,
)

NAME = "log.example/self-test"


def expect(holds: bool, what: str) -> None:
    if not holds:  # not assert, which python -O leaves out
        raise AssertionError(what)


def merkle_tree_hash(entries: list[bytes]) -> bytes:
    """MTH as RFC 6962, section 2.1 writes it, to hold combine() to."""
    if len(entries) < 2:
        return hashlib.sha256(b"\x00" + entries[0] if entries else b"").digest()
    k = 1
    while 2 * k < len(entries):
        k *= 2
    return hashlib.sha256(b"\x01" + merkle_tree_hash(entries[:k]) + merkle_tree_hash(entries[k:])).digest()


def pack(entries: list[bytes]) -> bytes:
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def flip(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def body(size: int, root: bytes, origin: str = NAME) -> str:
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def sign(text: str, private: Ed25519PrivateKey, name: str = NAME) -> bytes:
    key = VerifierKey.of(name, private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))
    return f"{text}\n\u2014 {name} {base64.b64encode(key.key_id + private.sign(text.encode())).decode()}\n".encode()


class Bench:
    """One log in a folder, which each damage changes for the length of one check."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder, self.private, self.done = folder, Ed25519PrivateKey.generate(), [0, 0]
        public = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.key = VerifierKey.of(NAME, public)
        # Empty entries, ordinary ones and the longest one that fits its length prefix.
        self.entries = [b"x" * 0xFFFF if i == 5 else (f"entry {i} " * (i % 3)).encode() for i in range(size)]
        self.files = {"checkpoint": sign(body(size, merkle_tree_hash(self.entries)), self.private)}
        for level in range(3):  # each tile by the formula of tlog-tiles
            span = FULL**level
            rows = [merkle_tree_hash(self.entries[i * span : (i + 1) * span]) for i in range(size // span)]
            for index, at in enumerate(range(0, len(rows), FULL)):
                tile = Tile(str(level), index, len(rows[at : at + FULL]))
                self.files[tile.path] = b"".join(rows[at : at + FULL])
                if level == 0:
                    self.files[Tile(ENTRIES, index, tile.width).path] = pack(self.entries[at : at + FULL])
        self.write(self.files)
        self.try_(None, {})

    def write(self, files: Mapping[str, bytes | None]) -> None:
        for path, data in files.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).unlink(missing_ok=True)
            if data is not None:
                (self.folder / path).write_bytes(data)

    def try_(self, sentence: str | None, files: Mapping[str, bytes | None], allow_missing: bool = False) -> None:
        """Checks the log with some files changed, or removed if None, for a sentence that matches a
        pattern: a damage counts as found only when the report names it. None expects no problem."""
        self.write(files)
        problems = check_directory(self.folder, self.key, NAME, True, allow_missing).problems
        self.write({path: self.files.get(path) for path in files})
        found = not problems if sentence is None else any(re.search(sentence, p) for p in problems)
        expect(found, f"size {len(self.entries)}, {[*files]}: not {sentence}, but {[*problems][:3]}")
        self.done[sentence is not None] += 1

    def damage_each_file(self) -> None:
        for path, data in self.files.items():
            named = re.escape(path)
            root_only = path.startswith("tile/") and path.endswith(f".p/{len(data) // HASH}")
            for at in {0, len(data) // 2, len(data) - 1, random.randrange(len(data))}:
                self.try_("^The root hash computed" if root_only else named, {path: flip(data, at)})
            self.try_(f"^{named} is missing", {path: None})
            for bad in (data[:-1], b"", data + b"\0", data * 2, data[HASH:] + b"\0"):
                self.try_(f"^{named}", {path: bad})

    def damage_the_checkpoint(self) -> None:
        size, root, good = len(self.entries), merkle_tree_hash(self.entries), self.files["checkpoint"]
        text, other = body(size, root), Ed25519PrivateKey.generate()
        line, alien = good[len(text) + 1 :], sign(text, other)[len(text) + 1 :]
        forged = b"\xe2\x80\x94 " + NAME.encode() + b" " + base64.b64encode(self.key.key_id + bytes(64)) + b"\n"
        for at in range(len(good)):
            self.try_("^checkpoint", {"checkpoint": flip(good, at)})
        for sentence, note in (
            (None, good + alien),
            (None, text.encode() + b"\n" + alien * 16 + line),
            (None, sign(text + "an extension\n", self.private)),
            ("no signature by", sign(text, other)),
            ("no signature by", sign(text, self.private, "log.example/other")),
            ("does not verify", good + forged),
            ("does not verify", good + forged[:-5] + b"\n"),
            ("has the origin", sign(body(size, root, "log.example/other"), self.private)),
            ("^The root hash computed", sign(body(size, leaf_hash(root)), self.private)),
            ("reaches beyond", sign(body(size - 1, root), self.private)),
            ("reaches beyond", sign(body(0, hashlib.sha256().digest()), self.private)),
            ("is missing", sign(body(size + 1, root), self.private)),
            ("are missing, [0-9]+ files", sign(body(2**64 - 1, root), self.private)),
            ("tree size", sign(body(2**64, root), self.private)),
            ("tree size", sign(text.replace("\n", "\n0", 1), self.private)),
            ("malformed root", sign(body(size, root[1:]), self.private)),
            ("malformed root", sign(text[:-3] + chr(ord(text[-3]) + 1) + "=\n", self.private)),  # pad bits set
            ("three or more lines", sign(f"{NAME}\n{size}\n", self.private)),
            ("three or more lines", sign(text + "\n", self.private)),
            ("too long", good + alien * (MAX_NOTE // len(alien))),
            ("control character", good.replace(b"\n", b"\r\n")),
            ("UTF-8", good.replace(b"log", b"\xff")),
            ("lines of signatures", text.encode() + b"\n"),
            ("lines of signatures", text.encode()),
            ("signature line", good + b"signed\n"),
            ("signature line", good + b"\xe2\x80\x94 log.example/other AAAA\n"),
        ):
            self.try_(sentence, {"checkpoint": note})

    def damage_a_large_log(self) -> None:
        """Size 70,000, the example of tlog-tiles: 273 full tiles, one of 112, one full, 17 and 1."""
        files, first, edge, bundle = self.files, "tile/0/000", "tile/0/273.p/112", "tile/entries/000"
        expect({edge, "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"} < files.keys(), "tiles of 70,000")
        for a, b in ((first, "tile/0/001"), (bundle, "tile/entries/001"), (first, "tile/1/000")):
            self.try_(a, {a: files[b], b: files[a]})
        for path in (first, "tile/1/000", edge, "tile/1/001.p/17"):
            rows = files[path][HASH : 2 * HASH] + files[path][:HASH] + files[path][2 * HASH :]
            self.try_(f"{path}|^The root hash computed", {path: rows})
        self.try_("2 entries whose", {bundle: pack(self.entries[1::-1] + self.entries[2:FULL])})
        self.try_("256 length-prefixed", {bundle: pack(self.entries[1:FULL])})
        self.try_("256 length-prefixed", {bundle: pack(self.entries[: FULL + 1])})
        self.try_("007 to tile/0/008 are missing, 2 files", {"tile/0/007": None, "tile/0/008": None})
        for path in ("0/273.p/113", "0/274", "0/275.p/1", "1/002", "3/000.p/1", "63/000", "entries/274"):
            self.try_(f"tile/{path} reaches beyond", {f"tile/{path}": files[first]})
        for path in ("tile/0/273.p/0", "tile/0/273.p/0112", "tile/0/000.p/256", "tile/00/000", "tile/64/000",
                     "tile/0/x000/001", "tile/0/1", "tile/0/001.gz", "tile/data/000", "tile/-1/000", "index.html"):
            self.try_(f"{path} is no file of", {path: files[first]})
        self.try_("is no file of", {"tile/0/00\u0661": files[first]})  # a digit, but not an ASCII one
        for path, data in (("tile/0/000.p/5", files[first][: 5 * HASH]), ("tile/0/273.p/9", files[edge][: 9 * HASH]),
                           ("tile/entries/000.p/5", pack(self.entries[:5]))):  # of earlier checkpoints
            self.try_(None, {path: data})
            self.try_(f"^{path}", {path: flip(data, 3)})
        full, wide, full_bundle = "tile/0/273", files[edge] + bytes(HASH * 144), "tile/entries/273"
        entries = pack(self.entries[273 * FULL :] + [b"later"] * 144)
        self.try_(None, {full: wide, full_bundle: entries})
        self.try_(None, {full: wide, full_bundle: entries, edge: None, "tile/entries/273.p/112": None})
        self.try_("^The root hash computed", {full: flip(wide, 0), edge: None})
        self.try_(f"{full} differs", {full: flip(wide, 0)})
        self.try_(f"{full_bundle} has 1 entries", {full_bundle: flip(entries, 9)})
        pruned = {bundle: None, "tile/entries/001": None, "tile/entries/273.p/112": None}
        self.try_("000 to tile/entries/001 are missing", pruned)
        self.try_(None, pruned, allow_missing=True)
        self.try_(f"{first} is missing", {first: None}, allow_missing=True)
        self.try_(bundle, {bundle: b"\0"}, allow_missing=True)

    def try_the_command(self) -> None:
        """Exit statuses, and what a path and bytes cannot describe."""
        vkey, cosigner = (
            "+".join((NAME, self.key.key_id.hex(), base64.b64encode(kind + self.key.public).decode()))
            for kind in (b"\x01", b"\x04")
        )
        given = [str(self.folder), "--key", vkey]
        for status, arguments in (
            (0, given),
            (0, [*given, "--entries", "--json"]),
            (1, [*given, "--origin", "log.example/other"]),
            (2, given[:1]),
            (2, [given[0] + "/none", *given[1:]]),
            (1, [*given, "--entries", "--audit"]),  # other entries than ours
            (2, [*given, "--audit"]),
            (2, [*given, "--allow-missing-entries"]),
            (2, [*given, "--key", vkey.replace(self.key.key_id.hex(), "00000000")]),
            (2, [*given, "--key", cosigner]),
            (2, [*given, "--key", vkey[:-4]]),
            (2, [*given, "--key", NAME]),
        ):
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                try:
                    ended: str | int | None = main(arguments)
                except SystemExit as end:  # how argparse reports wrong usage
                    ended = end.code
            expect(ended == status, f"exit status {ended}, not {status}, of {arguments}")
        os.mkfifo(self.folder / "tile/2")
        os.symlink("0", self.folder / "tile/3")
        self.try_("tile/2 is no file of", {})
        self.try_("tile/3 is no file of", {})


def self_test() -> str:
    """Builds logs, checks them and damages them; raises AssertionError at the first surprise."""
    random.seed(6962)
    key = VerifierKey.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    note = ("This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ON"
            "ncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n")
    expect(open_note(note.encode(), key) == "This is an example message.\n", "the example of signed-note")
    expect(Tile.parse("tile/0/x001/x234/067") == Tile("0", 1234067, FULL), "the example path of tlog-tiles")
    sizes, done = [*range(601), 65535, 65536, 65537, 70000], [0, 0]
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            bench = Bench(Path(folder), size)
            if size in (1, 2, 6, 255, 256, 257, 300, 512, 600):
                bench.damage_each_file()
            if size == 300:
                bench.damage_the_checkpoint()
                bench.try_the_command()
            if size == 70000:
                bench.damage_a_large_log()
            done = [done[0] + bench.done[0], done[1] + bench.done[1]]
    return f"Self-test passed: {len(sizes)} logs, {done[0]} sound states accepted, {done[1]} damages found."


def row(number: int, chain: int = 1, seq: int | None = None) -> bytes:
    seq = number if seq is None else seq
    opening, line = (hashlib.sha256(text.encode()).digest() for text in ("opening line", f"row {number}"))
    return b"\1" + opening + chain.to_bytes(4, "big") + seq.to_bytes(8, "big") + line


def incarnation(number: int) -> bytes:
    return b"\2" + bytes(16) + number.to_bytes(4, "big") + (300).to_bytes(8, "big") + bytes(32)


class AuditEntries(unittest.TestCase):
    """--audit: entries of rows, 77 bytes, and of an incarnation, 61."""

    def check(self, entries: list[bytes], number: int = 1) -> str:
        """The problems of a published tree that is sound as tlog-tiles has it."""
        origin = f"{NAME}/{number}"
        private = Ed25519PrivateKey.generate()
        files = {"checkpoint": sign(body(len(entries), merkle_tree_hash(entries), origin), private, origin)}
        for level in range(2):
            hashes = [merkle_tree_hash(entries[i * FULL**level : (i + 1) * FULL**level]) for i in range(len(entries) // FULL**level)]
            for index, at in enumerate(range(0, len(hashes), FULL)):
                files[Tile(str(level), index, len(hashes[at : at + FULL])).path] = b"".join(hashes[at : at + FULL])
        for index, at in enumerate(range(0, len(entries), FULL)):
            files[Tile(ENTRIES, index, len(entries[at : at + FULL])).path] = pack(entries[at : at + FULL])
        with tempfile.TemporaryDirectory() as folder:
            for path, data in files.items():
                (Path(folder) / path).parent.mkdir(parents=True, exist_ok=True)
                (Path(folder) / path).write_bytes(data)
            key = VerifierKey.of(origin, private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))
            self.assertEqual({}, check_directory(Path(folder), key, origin, True, False).problems)
            return "\n".join(check_directory(Path(folder), key, origin, True, False, audit=True).problems)

    def test_sound_entries(self) -> None:
        self.assertEqual("", self.check([row(n) for n in range(1, 600)]))
        self.assertEqual("", self.check([incarnation(2), *(row(n) for n in range(1, 300))], 2))
        self.assertEqual("", self.check([row(1, 2**31 - 1, 2**63 - 1)]))
        self.assertEqual("", self.check([row(1), row(2, 2, 1)]))

    def test_entries_that_are_none(self) -> None:
        good = [row(n) for n in range(1, 300)]
        for entry, why in (
            (row(1, 0), "is of chain 0, seq 1"),
            (row(1, 2**31), "is of chain 2147483648, seq 1"),
            (row(1, 1, 0), "is of chain 1, seq 0"),
            (row(1, 1, 2**63), "is of chain 1, seq 9223372036854775808"),
            (row(1)[:-1], "is 76 bytes of kind 1"),
            (row(1) + b"\0", "is 78 bytes of kind 1"),
            (b"\1" + row(1)[17:], "is 61 bytes of kind 1"),  # with the log's uuid, as it once was
            (b"\3" + row(1)[1:], "is 77 bytes of kind 3"),
            (b"\2" + row(1)[1:], "is 77 bytes of kind 2"),
            (b"", "is 0 bytes of kind None"),
            (incarnation(2), "begins the incarnation 2"),
            (row(7), "is of the same log, chain and seq as leaf 6"),
        ):
            self.assertEqual(f"tile/entries/001.p/44: leaf 299 {why}.", self.check([*good, entry]))
        for entry, number, why in (
            (row(1), 2, "is a row, in the first leaf of the incarnation 2"),
            (incarnation(3), 2, "begins the incarnation 3"),
            (incarnation(2), 1, "begins the incarnation 2"),
            (incarnation(1), 1, "begins the incarnation 1"),
            (incarnation(0), 2, "begins the incarnation 0"),
        ):
            self.assertEqual(f"tile/entries/000.p/1: leaf 0 {why}.", self.check([entry], number))


class CheckTiles(unittest.TestCase):
    def test_sound_logs_are_accepted_and_every_damage_is_found(self) -> None:
        self.assertIn("Self-test passed", self_test())


if __name__ == "__main__":
    unittest.main()
