"""What docs/FORMAT.md, "Leaf entries and the tree", says of the entries of one incarnation's tree."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_CHAIN, MAX_SEQ, MAX_INCARNATION = 2**31 - 1, 2**63 - 1, 2**32 - 1


@dataclass(frozen=True)
class Row:
    opening: bytes
    chain: int
    seq: int
    hash: bytes


@dataclass(frozen=True)
class Incarnation:
    tree: bytes
    number: int
    size: int
    root: bytes


class Malformed(Exception):
    """The bytes are no entry; the message says why."""


def parse(entry: bytes) -> Row | Incarnation:
    kind, length = entry[:1], len(entry)
    if (kind, length) == (b"\1", 77):
        row = Row(entry[1:33], int.from_bytes(entry[33:37], "big"), int.from_bytes(entry[37:45], "big"), entry[45:])
        if not (1 <= row.chain <= MAX_CHAIN and 1 <= row.seq <= MAX_SEQ):
            raise Malformed(f"is of chain {row.chain}, seq {row.seq}")
        return row
    if (kind, length) == (b"\2", 61):
        begun = Incarnation(entry[1:17], int.from_bytes(entry[17:21], "big"), int.from_bytes(entry[21:29], "big"), entry[29:])
        if begun.number < 2:
            raise Malformed(f"begins the incarnation {begun.number}")
        return begun
    raise Malformed(f"is {length} bytes of kind {entry[0] if entry else None}")


def incarnation_of(origin: str) -> int | None:
    """The number at the end of an origin; None where there is none."""
    found = re.fullmatch(r".+/([1-9][0-9]*)", origin)
    return int(found[1]) if found and int(found[1]) <= MAX_INCARNATION else None


class Entries:
    """Judges the entries of a tree, in any order, also one that comes again."""

    def __init__(self, origin: str) -> None:
        self.number = incarnation_of(origin)
        self.places: dict[tuple[bytes, int, int], int] = {}

    def problem(self, index: int, entry: bytes) -> str | None:
        """What is wrong with the entry of a leaf, as the end of a sentence."""
        try:
            parsed = parse(entry)
        except Malformed as malformed:
            return str(malformed)
        if isinstance(parsed, Incarnation):
            if index > 0 or parsed.number != self.number:
                return f"begins the incarnation {parsed.number}"
            return None
        if index == 0 and self.number != 1:
            return f"is a row, in the first leaf of the incarnation {self.number}"
        first = self.places.setdefault((parsed.opening, parsed.chain, parsed.seq), index)
        return None if first == index else f"is of the same log, chain and seq as leaf {first}"
