#!/usr/bin/python3
"""Check a published tlog-tiles directory against its signed checkpoint.

Written from the C2SP texts tlog-tiles, signed-note, tlog-checkpoint and tlog-cosignature and from
RFC 6962, section 2.1, alone: it shares no code with any log, so that it can disagree with one. What the
entries say it knows only with --audit, from docs/FORMAT.md (entries.py).

Exit status: 0 everything holds, 1 with one sentence per problem, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from entries import Entries

FULL = 256  # hashes in a full tile, entries in a full bundle
HASH = 32  # bytes of a SHA-256 hash
ENTRIES = "entries"  # the kind of an entry bundle; any other kind is a tile's level in decimal
MAX_NOTE = 1 << 20  # bytes; the 16 signatures of 5 kB that must be accepted need a tenth of it
MAX_BUNDLE = FULL * (2 + 0xFFFF)  # bytes


class Invalid(Exception):
    """What was read breaks a rule; the message says which."""


def shown(text: str) -> str:
    """Text from outside, fit for one line of a report whatever characters it holds."""
    return text if text.isprintable() else ascii(text)


def decode_base64(text: str) -> bytes | None:
    """Base 64 of RFC 4648, section 4; None for anything but the one canonical spelling."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return data if base64.b64encode(data).decode() == text else None  # Python passes over pad bits


def read(directory: Path, path: str, limit: int) -> bytes:
    """A file's bytes, at most limit + 1 of them: an oversized file shows without being loaded."""
    try:
        if not (directory / path).is_file():  # opening a FIFO would wait for ever
            raise Invalid(f"{path} is missing or not a regular file.")
        with open(directory / path, "rb") as file:
            return file.read(limit + 1)
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.") from error


# --- The checkpoint, a signed note ---------------------------------------------------------------


def is_key_name(name: str) -> bool:
    return name != "" and "+" not in name and not any(c.isspace() for c in name)


@dataclass(frozen=True)
class VerifierKey:
    """A note key of type 0x01, Ed25519. A witness's cosignature key (0x04, 0x06) is no log key."""

    name: str
    key_id: bytes
    public: bytes

    @classmethod
    def of(cls, name: str, public: bytes) -> VerifierKey:
        return cls(name, hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4], public)

    @classmethod
    def parse(cls, vkey: str) -> VerifierKey:
        name, hex_id, encoded = (vkey.split("+", 2) + ["", ""])[:3]  # base64 may hold a plus itself
        material = decode_base64(encoded)
        if not is_key_name(name) or not re.fullmatch("[0-9a-f]{8}", hex_id) or not material:
            raise Invalid("the key is not of the form name+id+base64")
        if material[0] != 1 or len(material) != 33:
            raise Invalid("the key is not a type byte 0x01 and the 32 bytes of an Ed25519 key")
        key = cls.of(name, material[1:])
        if key.key_id.hex() != hex_id:
            raise Invalid(f"the key ID should be {key.key_id.hex()} by name and key, but is {hex_id}")
        return key


def open_note(note: bytes, key: VerifierKey) -> str:
    """The text of a signed note, once the key's signature on it has verified."""
    try:
        whole = note.decode()
    except UnicodeDecodeError:
        raise Invalid("checkpoint is not valid UTF-8.") from None
    if len(note) > MAX_NOTE or any(c < " " and c != "\n" for c in whole):
        raise Invalid("checkpoint is too long for a note or it holds a control character.")
    text, separator, signatures = whole.rpartition("\n\n")
    text += "\n"
    if not separator or not signatures.endswith("\n"):
        raise Invalid("checkpoint is not a text, an empty line and lines of signatures.")
    verified = False
    for line in signatures[:-1].split("\n"):  # splitlines() would split at U+2028 and others too
        dash, name, encoded = (line.split(" ", 2) + ["", ""])[:3]
        blob = decode_base64(encoded)
        if dash != "\u2014" or not is_key_name(name) or blob is None or len(blob) < 5:
            raise Invalid(f"checkpoint has a malformed signature line: {shown(line)}.")
        if (name, blob[:4]) != (key.name, key.key_id):
            continue  # another key's, such as a witness's cosignature, must be ignored
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(blob[4:], text.encode())
        except InvalidSignature:
            raise Invalid(f"checkpoint has a signature by {shown(name)} that does not verify.") from None
        verified = True
    if not verified:
        raise Invalid(f"checkpoint has no signature by {shown(key.name)} with key ID {key.key_id.hex()}.")
    return text


@dataclass(frozen=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        lines = text[:-1].split("\n")
        if len(lines) < 3 or "" in lines:
            raise Invalid("checkpoint does not have three or more lines, none of them empty.")
        # RFC 6962 and tlog-cosignature give the size 64 bits.
        if not re.fullmatch("0|[1-9][0-9]{0,19}", lines[1]) or int(lines[1]) >= 1 << 64:
            raise Invalid(f"checkpoint has a malformed tree size: {shown(lines[1])}.")
        root = decode_base64(lines[2])
        if root is None or len(root) != HASH:
            raise Invalid(f"checkpoint has a malformed root hash: {shown(lines[2])}.")
        return cls(lines[0], int(lines[1]), root)


# --- Tiles and bundles ---------------------------------------------------------------------------


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def combine(hashes: list[bytes]) -> bytes:
    """RFC 6962's tree over the hashes of equal perfect subtrees; the last one may be smaller."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << ((len(hashes) - 1).bit_length() - 1)  # the largest power of two below the length
    return hashlib.sha256(b"\x01" + combine(hashes[:split]) + combine(hashes[split:])).digest()


def split_entries(bundle: bytes) -> list[bytes] | None:
    """The entries of a bundle; None when a length, or an entry, is cut short."""
    entries, at = [], 0
    while at < len(bundle):
        start = at + 2
        at = start + int.from_bytes(bundle[at:start], "big")
        if at > len(bundle):
            return None
        entries.append(bundle[start:at])
    return entries


@dataclass(frozen=True)
class Tile:
    """The name of a tile or of an entry bundle."""

    kind: str
    index: int
    width: int

    @property
    def path(self) -> str:
        digits = str(self.index)
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        suffix = "" if self.width == FULL else f".p/{self.width}"
        return f"tile/{self.kind}/" + "".join(f"x{group}/" for group in groups[:-1]) + groups[-1] + suffix

    @classmethod
    def parse(cls, path: str) -> Tile | None:
        pattern = r"tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([0-9]{1,3}))?"
        if not (found := re.fullmatch(pattern, path)):
            return None
        tile = cls(found[1], int(re.sub("[x/]", "", found[2])), int(found[3] or FULL))
        # Spelling the name again refuses leading zeroes, x000 elements and a partial width of 256.
        return tile if tile.path == path and 1 <= tile.width <= FULL else None


@dataclass
class Report:
    """What was found. Dictionaries serve as ordered sets, for a file may be read more than once."""

    checkpoint: Checkpoint | None = None
    problems: dict[str, None] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)
    tiles: int = 0
    bundles: int = 0


class PublishedTree:
    """The files under a directory, held against a verified checkpoint."""

    def __init__(self, directory: Path, checkpoint: Checkpoint, report: Report) -> None:
        self.directory, self.checkpoint, self.report = directory, checkpoint, report
        self.files: dict[tuple[str, int], list[Tile]] = {}  # those in their place, by kind and index
        for path in self.walk():
            tile = Tile.parse(path)
            demanded = self.demanded(tile.kind, tile.index).width if tile else 0
            if tile is None:
                self.problem(f"{shown(path)} is no file of a tiled log.")
            elif demanded == 0 or demanded < tile.width < FULL:
                self.problem(f"{path} reaches beyond the checkpoint's size {checkpoint.size}.")
            else:
                self.files.setdefault((tile.kind, tile.index), []).append(tile)
                if tile.width > demanded:
                    self.note(f"{path} is accepted, but the checkpoint covers only its first {demanded} rows.")

    def problem(self, sentence: str) -> None:
        self.report.problems[sentence] = None

    def note(self, sentence: str) -> None:
        self.report.notes[sentence] = None

    def walk(self) -> Iterator[str]:
        """The path of everything but the checkpoint and true folders."""

        def unreadable(error: OSError) -> None:  # os.walk would pass over it in silence
            self.problem(f"{shown(str(error.filename))} cannot be listed: {error.strerror}.")

        for parent, folders, names in os.walk(self.directory, onerror=unreadable):
            links = [name for name in folders if os.path.islink(os.path.join(parent, name))]
            for name in sorted(names + links):
                path = os.path.relpath(os.path.join(parent, name), self.directory)
                if path != "checkpoint":
                    yield path

    def count(self, kind: str) -> int:
        """How many rows the size demands over all tiles of a kind."""
        return self.checkpoint.size >> (0 if kind == ENTRIES else 8 * int(kind))

    def demanded(self, kind: str, index: int) -> Tile:
        """The tile the size demands in a place, of width 0 where it demands none."""
        return Tile(kind, index, max(0, min(FULL, self.count(kind) - FULL * index)))

    def stored(self, kind: str, index: int) -> list[Tile]:
        """The files that can provide the demanded rows: the very tile, then a full one in its stead."""
        widths = (self.demanded(kind, index).width, FULL)
        tiles = [tile for tile in self.files.get((kind, index), []) if tile.width in widths]
        return sorted(tiles, key=lambda tile: tile.width)

    def gaps(self, kind: str) -> Iterator[tuple[Tile, Tile]]:
        """First and last of each run of missing files; a false size may leave too many to list."""
        there = sorted(i for k, i in self.files if k == kind and self.stored(k, i))
        start = 0
        for index in [*there, -(-self.count(kind) // FULL)]:
            if index > start:
                yield self.demanded(kind, start), self.demanded(kind, index - 1)
            start = index + 1

    def read_tile(self, tile: Tile) -> list[bytes] | None:
        size = HASH * tile.width
        try:
            data = read(self.directory, tile.path, size)
            if len(data) != size:
                raise Invalid(f"{tile.path} is not {size} bytes long.")
        except Invalid as invalid:
            self.problem(str(invalid))
            return None
        return [data[at : at + HASH] for at in range(0, len(data), HASH)]

    def hashes(self, level: str, index: int) -> list[bytes] | None:
        """The demanded hashes of a tile; None when no file provides them."""
        width = self.demanded(level, index).width
        read_in_turn = (self.read_tile(tile) for tile in self.stored(level, index))
        return next((hashes[:width] for hashes in read_in_turn if hashes is not None), None)

    def check_tiles(self) -> None:
        """Every level from the leaves up to the root."""
        below: dict[int, bytes] = {}  # Merkle Tree Hash of each full tile of the level below
        right: list[bytes] | None = []  # hash of all entries right of the level's rows, if there are any
        for level in map(str, range(64)):
            if not self.count(level):
                break
            for first, last in self.gaps(level):
                self.problem(missing(first, last))
            here: dict[int, bytes] = {}
            for index in sorted(i for k, i in self.files if k == level):
                if (hashes := self.hashes(level, index)) is None:
                    continue
                place = self.demanded(level, index)
                children = (below.get(FULL * index + row) for row in range(len(hashes)))
                wrong = [row for row, child in enumerate(children) if child not in (None, hashes[row])]
                if wrong:
                    child = Tile(str(int(level) - 1), FULL * index + wrong[0], FULL)
                    self.problem(f"{place.path} has {len(wrong)} hashes that are not those of the full tiles "
                                 f"below, the first in row {wrong[0]} for {child.path}.")
                for tile in self.files[level, index]:  # earlier partial tiles, and a full one
                    other = self.read_tile(tile)
                    if other is not None and other[: place.width] != hashes[: tile.width]:
                        self.problem(f"{tile.path} differs from {place.path}.")
                if place.width == FULL:
                    here[index] = combine(hashes)
                self.report.tiles += 1
            if self.count(level) % FULL:  # full tiles are in the tile above, this one in the root only
                edge = self.hashes(level, self.count(level) // FULL)
                right = None if edge is None or right is None else [combine(edge + right)]
            below = here
        if right is None:
            self.problem("The root hash cannot be computed without the tiles of the right edge.")
        elif (right or [hashlib.sha256().digest()])[0] != self.checkpoint.root:
            self.problem("The root hash computed from the tiles of the right edge is not the checkpoint's.")

    def check_bundles(self, allow_missing: bool, audit: Entries | None) -> None:
        for first, last in self.gaps(ENTRIES):
            if not allow_missing:
                self.problem(missing(first, last))
            elif first.index == 0 and last.width == FULL:
                self.note(f"Allowed: {missing(first, last)}")
            else:  # pruning, in the specification, takes full bundles off the start and no others
                self.note(f"Allowed, though more than the specification lets a log prune: {missing(first, last)}")
        for (kind, index), tiles in sorted(self.files.items()):
            for tile in tiles if kind == ENTRIES else []:
                self.check_bundle(tile, self.hashes("0", index) or [], audit)
                self.report.bundles += 1

    def check_bundle(self, tile: Tile, hashes: list[bytes], audit: Entries | None) -> None:
        try:
            entries = split_entries(read(self.directory, tile.path, MAX_BUNDLE))
            if entries is None or len(entries) != tile.width:
                raise Invalid(f"{tile.path} is not a sequence of {tile.width} length-prefixed entries.")
        except Invalid as invalid:
            self.problem(str(invalid))
            return
        rows = enumerate(zip(entries, hashes, strict=False))  # either may be the wider one
        wrong = [row for row, (entry, value) in rows if leaf_hash(entry) != value]
        if wrong:
            level_0 = self.demanded("0", tile.index).path
            self.problem(f"{tile.path} has {len(wrong)} entries whose leaf hashes are not those in {level_0}, "
                         f"the first in row {wrong[0]}.")
        for index, entry in enumerate(entries[: self.demanded(ENTRIES, tile.index).width], tile.index * FULL):
            if audit and (why := audit.problem(index, entry)):
                self.problem(f"{tile.path}: leaf {index} {why}.")


def missing(first: Tile, last: Tile) -> str:
    if first == last:
        return f"{first.path} is missing."
    return f"{first.path} to {last.path} are missing, {last.index - first.index + 1} files."


def check_directory(directory: Path, key: VerifierKey, origin: str, entries: bool, allow_missing: bool,
                    audit: bool = False) -> Report:
    report = Report()
    try:
        checkpoint = Checkpoint.parse(open_note(read(directory, "checkpoint", MAX_NOTE), key))
        if checkpoint.origin != origin:
            raise Invalid(f"checkpoint has the origin {shown(checkpoint.origin)}, not {shown(origin)}.")
    except Invalid as invalid:  # an unverified text must be ignored, so there is nothing to hold tiles to
        report.problems[f"{invalid} The tiles were not checked."] = None
        return report
    report.checkpoint = checkpoint
    tree = PublishedTree(directory, checkpoint, report)
    tree.check_tiles()
    if entries:
        tree.check_bundles(allow_missing, Entries(origin) if audit else None)
    return report


# --- The command ---------------------------------------------------------------------------------


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("directory", nargs="?", type=Path, metavar="DIRECTORY")
    parser.add_argument("--key", metavar="VKEY", help="the log's Ed25519 verifier key, name+id+base64")
    parser.add_argument("--origin", help="the checkpoint's origin line; the key's name unless given")
    parser.add_argument("--entries", action="store_true", help="check the entry bundles too")
    parser.add_argument("--allow-missing-entries", action="store_true", help="let pruned bundles be missing")
    parser.add_argument("--audit", action="store_true", help="the entries are those of an audit_immutable database")
    parser.add_argument("--json", action="store_true", help="print the report as one JSON object")
    given = parser.parse_args(arguments)
    if not given.directory or not given.directory.is_dir() or not given.key:
        parser.error("a DIRECTORY that exists and --key VKEY are needed")
    if given.allow_missing_entries and not given.entries:
        parser.error("--allow-missing-entries needs --entries")
    if given.audit and not given.entries:
        parser.error("--audit needs --entries")
    try:
        key = VerifierKey.parse(given.key)
    except (Invalid, UnicodeEncodeError) as invalid:
        parser.error(str(invalid))
    origin = key.name if given.origin is None else given.origin
    report = check_directory(given.directory, key, origin, given.entries, given.allow_missing_entries, given.audit)
    print(as_json(report) if given.json else as_text(report))
    return 1 if report.problems else 0


def as_text(report: Report) -> str:
    lines = [*report.problems, *(f"Note: {note}" for note in report.notes)]
    if report.checkpoint and not report.problems:
        log = f"{shown(report.checkpoint.origin)}, size {report.checkpoint.size}"
        lines.append(f"Everything holds: {log}, {report.tiles} tiles, {report.bundles} entry bundles.")
    return "\n".join(lines)


def as_json(report: Report) -> str:
    found: dict[str, object] = {"ok": not report.problems}
    if (head := report.checkpoint) is not None:  # none unless its signature verified
        found |= {"origin": head.origin, "size": head.size, "root": base64.b64encode(head.root).decode()}
    found |= {"tiles": report.tiles, "bundles": report.bundles}
    return json.dumps(found | {"problems": [*report.problems], "notes": [*report.notes]})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
