#!/usr/bin/env python3
"""docs/verify.py refuses whatever random damage is done to a good file, given its heads, or the hashed lines are what they were."""
import json
import pathlib
import random
import unittest

import cases
from cases import EVENT, OTHER_EVENT, Log
from cases.planned import committed, disclosed, disclosure
from test_cases import verify

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"


def plain():
    """A file in which every line is hashed, and its heads."""
    log = Log(table='"public.\\"T\\""').row(row='{"v":"gr\u00fc\u00dfe \\u0041","n":[1.50,null,{"a":true}]}').rows(3)
    log.row(2, columns='[["id","bigint"]]').row(2).row(9)
    return cases.encode(log.text()), [cases.head(*log.head(chain)) for chain in (1, 2, 9)]


def planned():
    """A file with lines that no hash covers."""
    log = Log().row().row(committed=committed()).add(disclosure(disclosed("email", "note")))
    log.gap(57, event=f'"{OTHER_EVENT}"').row().gap(3, 2).row(2)
    log.provenance([(1, 2, cases.sha(log.lines[2])), log.head(2)])
    return cases.encode(log.text()), [cases.head(*log.head(chain)) for chain in (1, 2)]


def vectors():
    """The first log of docs/vectors.jsonl."""
    lines = [json.loads(line)["line"] for line in (DOCS / "vectors.jsonl").read_text(encoding="utf-8").split("\n") if line]
    count = next(n for n, line in enumerate(lines) if n and line.startswith('{"audit_immutable"'))
    ends = {json.loads(line)["chain"]: (json.loads(line)["seq"], cases.sha(line)) for line in lines[1:count]}
    return cases.encode("".join(line + "\n" for line in lines[:count])), [cases.head(chain, *end) for chain, end in ends.items()]


def hashed(data):
    """The lines that hashes cover: all but disclosures, gaps and provenance, and the LF of the last."""
    return [line for line in data.removesuffix(b"\n").split(b"\n")
            if not (b'"disclosed":' in line or b'"gap":' in line or line.startswith(b'{"provenance":'))]


def of_a_byte(dice, data):
    at = dice.randrange(len(data))
    byte = dice.choice([data[at] ^ 1 << dice.randrange(8), data[at] ^ 0x20, dice.randrange(256)])
    return data[:at] + bytes([byte]) + data[at + 1:]


def of_a_span(dice, data):
    """Cut out, doubled, or moved."""
    start = dice.randrange(len(data))
    end = min(len(data), start + dice.choice([1, 1, 2, 3, 10, 100]))
    at = dice.randrange(len(data))
    return dice.choice([data[:start] + data[end:], data[:end] + data[start:], data[:at] + data[start:end] + data[at:]])


def of_lines(dice, data):
    lines = data.split(b"\n")[:-1]
    n, m = dice.randrange(len(lines)), dice.randrange(len(lines))
    kind = dice.randrange(5)
    if kind == 0:
        del lines[n]
    elif kind == 1:
        lines.insert(m, lines[n])
    elif kind == 2:
        lines[n], lines[m] = lines[m], lines[n]
    elif kind == 3:
        lines.insert(m, dice.choice([b"", b"{}", b" ", b"null"]))
    else:
        lines[n:] = []
    return b"".join(line + b"\n" for line in lines)


def of_a_token(dice, data):
    """What somebody might do to a line by hand."""
    old, new = dice.choice([(b":", b": "), (b",", b" ,"), (b"}", b" }"), (b"\n", b"\r\n"), (b"\n", b"\n\n"), (b'"', b"'"),
                            (b"1", b"01"), (b"1", b"1.0"), (b"0", b"1"), (b"a", b"\\u0061"),
                            (b"+00:00", b"Z"), (b"null", b"NaN"), (b"true", b"True"), (b"/", b"\\/"), (b"purged", b"damaged"),
                            (b"alice", b"bob"), (b'"id"', b'"di"'), (b"}}", b"}}}")])
    places = data.count(old)
    if not places:
        return data
    parts = data.split(old)
    at = dice.randrange(1, places + 1)
    return old.join(parts[:at]) + new + old.join(parts[at:])


class Mutations(unittest.TestCase):
    def damage(self, file, heads, count, events=()):
        """Damages the file count times; the damaged ones that were accepted."""
        status, printed = verify(file, heads, events)
        self.assertEqual(status, 0, printed)
        dice, accepted = random.Random(len(file)), []
        for _ in range(count):
            damaged = file
            while damaged == file:
                damaged = dice.choice([of_a_byte, of_a_byte, of_a_span, of_lines, of_a_token])(dice, file)
            status, printed = verify(damaged, heads, events)
            self.assertIn(status, (0, 1))
            if status == 0:
                self.assertEqual(hashed(damaged), hashed(file))
                accepted.append(damaged)
        return accepted

    def test_every_line_is_hashed(self):
        """Then nothing is accepted but the file without its last LF."""
        for file, heads in (plain(), vectors()):
            for damaged in self.damage(file, heads, 800):
                self.assertEqual(damaged, file[:-1])
            self.assertEqual(verify(file[:-1], heads)[0], 0)

    def test_lines_that_no_hash_covers(self):
        """Then what is accepted differs in those lines only, and not in where the gaps are."""
        file, heads = planned()
        accepted = self.damage(file, heads, 800, [EVENT, OTHER_EVENT])
        self.assertGreater(len(accepted), 10)
        self.assertLess(len(accepted), 200)

        def gaps(data):
            return [{**json.loads(line), "gap": None, "event": None} for line in data.split(b"\n") if b'"gap":' in line]

        for damaged in accepted:
            self.assertEqual(gaps(damaged), gaps(file))

    def test_without_heads(self):
        """Then the last row of each chain, and what is cut off there, is all that may differ."""
        file, heads = plain()
        dice, last = random.Random(0), {head.rpartition(":")[0] for head in heads}
        for _ in range(400):
            damaged = of_a_byte(dice, file)
            if verify(damaged)[0] == 0:
                rows = [line for line in damaged.removesuffix(b"\n").split(b"\n")]
                for line, old in zip(rows, file.split(b"\n"), strict=False):
                    if line != old:
                        self.assertIn("%d:%d" % (json.loads(old)["chain"], json.loads(old)["seq"]), last)


if __name__ == "__main__":
    unittest.main()
