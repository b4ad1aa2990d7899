#!/usr/bin/env python3
"""Prints docs/vectors-later.jsonl: the lines that docs/FORMAT.md specifies and that are not written yet, and gaps.

    tests/format/make_later_vectors.py > docs/vectors-later.jsonl

One JSON object a line: `name`, `line`, `sha256`; of a row that commits to values also `random` and `values`, as they are hashed,
by column. The first object has `events`, the hashes that must be known for the gaps. All lines together are a good export file.
"""
import hashlib
import json
import sys

from cases import EVENT, OTHER_EVENT, Log, members, quote, sha

COLUMNS = '[["id","bigint"],["email","text","committed"],["score","integer","committed"],["doc","jsonb","committed"]]'
MORE = COLUMNS[:-1] + ',["note","text"]]'


def random(row, column):
    """Not random here, so that the file can be made again."""
    return hashlib.sha256(f"row {row}, {column}".encode()).hexdigest()


def committed(row, values):
    return {"random": {column: random(row, column) for column in values}, "values": values}


def hashes(commitments):
    digest = {column: hashlib.sha256(bytes.fromhex(commitments["random"][column]) + value.encode()).hexdigest()
              for column, value in commitments["values"].items()}
    return members({column: quote(hash) for column, hash in digest.items()})


def disclosure(seq, commitments, *columns):
    disclosed = members({column: f'["{commitments["random"][column]}",{commitments["values"][column]}]' for column in columns})
    return members({"chain": 1, "seq": seq, "disclosed": disclosed})


def vectors():
    log, found = Log(columns=COLUMNS), []

    def add(name, **more):
        found.append({"name": name, **more, "line": log.lines[-1], "sha256": sha(log.lines[-1])})

    add("opening line, columns that are stored as commitments", events=[EVENT, OTHER_EVENT])
    first = committed(1, {"email": '"alice@example.com"', "score": "17", "doc": '"{\\"a\\": [1, \\"\u00fc\\"]}"'})
    second = committed(2, {"email": "null", "score": "null", "doc": "null"})
    third = committed(3, {"email": '"say \\"hi\\""', "score": "-1", "doc": '"null"'})
    log.row(row='{"id":1}', committed=hashes(first))
    add("row with commitments", **first)
    log.add(disclosure(1, first, "email", "score", "doc"))
    add("disclosure of all")
    log.row(row='{"id":2}', committed=hashes(second))
    add("row with commitments to NULLs", **second)
    heads = [log.head()]
    log.add(disclosure(2, second, "score"))
    add("disclosure of a NULL")
    log.row(row='{"id":3,"note":"x"}', columns=MORE, committed=hashes(third))
    add("row with columns and commitments, none disclosed", **third)
    log.gap(57)
    add("gap, purged")
    log.gap(1, gap=quote("damaged"), event=quote(OTHER_EVENT))
    add("gap behind a gap, damaged")
    last = committed(62, {"email": '"bob@example.com"', "score": "null", "doc": '"[]"'})
    log.row(row="{}", committed=hashes(last))
    add("row behind a gap", **last)
    log.gap(9, 2)
    add("gap at a chain's start and end")
    heads.append(log.head(2))
    provenance = Log(columns=COLUMNS).provenance(heads, provenance=quote("imported"),
                                                 database=quote("6a3c0f7e-52d1-4d7b-9a35-1c2e8f4b7d90")).lines[1]
    found.insert(1, {"name": "provenance, up to a row and up to a gap's end", "line": provenance, "sha256": sha(provenance)})
    return found


def text():
    return "".join(json.dumps(vector, ensure_ascii=False) + "\n" for vector in vectors())


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    sys.stdout.write(text())
