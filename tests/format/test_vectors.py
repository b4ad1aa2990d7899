#!/usr/bin/env python3
"""The test vectors: docs/vectors.jsonl agrees with itself, with docs/FORMAT.md and with PostgreSQL.

test_vectors.py            the tests; PostgreSQL, and the extension if it is there, are asked when PGHOST is set
test_vectors.py --write    makes docs/vectors.jsonl, docs/vectors.tlog-proof and their parts of docs/FORMAT.md (needs PGHOST)
"""
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import unittest

import check_receipt
import make_later_vectors
from tree_vectors import KEYS, ORIGIN, TreeVectors

ROOT = pathlib.Path(__file__).resolve().parents[2]
VECTORS = ROOT / "docs" / "vectors.jsonl"
LATER = ROOT / "docs" / "vectors-later.jsonl"
RECEIPT = ROOT / "docs" / "vectors.tlog-proof"
FORMAT = ROOT / "docs" / "FORMAT.md"

# Settings of a client that must not matter.
HOSTILE = """
SET TimeZone = 'Asia/Kathmandu'; SET DateStyle = 'SQL, DMY'; SET IntervalStyle = 'iso_8601';
SET extra_float_digits = -15; SET bytea_output = 'escape'; SET search_path = public; SET client_min_messages = warning;
"""


def psql(*args, text=None):
    run = subprocess.run(["psql", "-AtqX", "-v", "ON_ERROR_STOP=1", *args], input=text, stdout=subprocess.PIPE)
    if run.returncode:
        raise AssertionError("psql failed")
    return run.stdout


def regenerate():
    return psql("-f", str(ROOT / "tests" / "format" / "vectors.sql"))


def extension_available():
    sql = "SELECT 1 FROM pg_available_extensions WHERE name = 'audit_immutable'"
    return bool(os.environ.get("PGHOST")) and psql("-c", sql) == b"1\n"


def load(text):
    return [json.loads(line) for line in text.decode().split("\n") if line]


def visible(text):
    """Characters that do not show on paper, as <U+XXXX>."""
    return "".join(c if c.isprintable() else "<U+%04X>" % ord(c) for c in text)


def row_of(line):
    return line[line.index('"row":') + 6:-1]


def shown(line):
    """What a row's line adds to its stamps: the row, and the columns where they changed."""
    columns = line.find(',"columns":')
    return visible(row_of(line) if columns < 0 else line[columns + 1:-1])


def render(vectors):
    """The readable form for FORMAT.md."""
    out = []
    for v in vectors[:3]:
        out.append("    %s\n    sha256 %s\n" % (visible(v["line"]), v["sha256"]))
    out.append("All rows, in their order. Characters that do not print are shown as `<U+XXXX>`; in the line they stand as they are.\n")
    for v in vectors:
        if v["column"] is None:
            if v is not vectors[0]:
                out.append("    # %s\n    %s\n    sha256 %s\n" % (v["name"], visible(v["line"]), v["sha256"]))
            continue
        out.append("    # %s (chain %d, seq %d)\n    %s  <-  %s\n    %s\n    sha256 %s\n" % (
            v["name"], json.loads(v["line"])["chain"], json.loads(v["line"])["seq"],
            v["column"], v["value"], shown(v["line"]), v["sha256"]))
    return "\n".join(out)


def document(text, vectors):
    """FORMAT.md with its parts that are made from the vectors."""
    blocks = {"vectors": render(vectors)}
    for name, lines in TreeVectors(vectors).blocks().items():
        blocks[name] = "".join(f"    {line}".rstrip() + "\n" for line in lines)
    for name, block in blocks.items():
        begin, end = f"<!-- {name}: written by tests/format/test_vectors.py --write -->\n", f"<!-- end of {name} -->"
        text = text[:text.index(begin) + len(begin)] + "\n" + block + "\n" + text[text.index(end):]
    return text


class Vectors(unittest.TestCase):
    def setUp(self):
        self.vectors = load(VECTORS.read_bytes())

    def test_hashes(self):
        for v in self.vectors:
            self.assertEqual(hashlib.sha256(v["line"].encode()).hexdigest(), v["sha256"], v["name"])

    def test_they_are_a_good_export(self):
        data = b"".join(v["line"].encode() + b"\n" for v in self.vectors)
        run = subprocess.run([sys.executable, ROOT / "docs" / "verify.py"], input=data, stdout=subprocess.PIPE)
        self.assertEqual(run.returncode, 0, run.stdout.decode())

    def test_format_md(self):
        text = FORMAT.read_text()
        self.assertEqual(text, document(text, self.vectors))

    def test_receipt(self):
        self.assertEqual(RECEIPT.read_text(), TreeVectors(self.vectors).receipt)
        log = json.loads(self.vectors[0]["line"])["log"]
        check_receipt.verify(RECEIPT.read_bytes(), [key.vkey for key in KEYS], ORIGIN, log)

    def test_lines_that_are_not_written_yet(self):
        self.assertEqual(LATER.read_text(encoding="utf-8"), make_later_vectors.text())
        later = load(LATER.read_bytes())
        data = b"".join(v["line"].encode() + b"\n" for v in later)
        events = [f"--event={event}" for event in later[0]["events"]]
        run = subprocess.run([sys.executable, ROOT / "docs" / "verify.py", *events], input=data, stdout=subprocess.PIPE)
        self.assertEqual(run.returncode, 0, run.stdout.decode())
        self.assertIn("4 rows, 2 chains, 2 rows came in, 67 rows missing, 8 values not disclosed", run.stdout.decode())

    @unittest.skipUnless(os.environ.get("PGHOST"), "no server: PGHOST is not set")
    def test_postgresql_agrees(self):
        made = load(regenerate())
        self.assertEqual([v["name"] for v in made], [v["name"] for v in self.vectors])
        for new, old in zip(made, self.vectors):
            self.assertEqual(new, old, new["name"])

    def test_extension_agrees(self):
        """The extension writes the same rows, whatever the client's settings, and the same opening line."""
        if not extension_available():
            self.skipTest("no server with the extension: see PGHOST")
        first, *vectors = [v for v in self.vectors if v is self.vectors[0] or v["column"]]
        columns = {v["column"]: None for v in vectors if ", " not in v["column"]}  # those of one column define them all
        script = ["BEGIN; SET LOCAL client_encoding = 'UTF8'; CREATE EXTENSION IF NOT EXISTS audit_immutable;", first["setup"], HOSTILE,
                  "CREATE TABLE audit_vectors.sample (%s) USING audit_immutable;" % ", ".join(columns),
                  "SELECT audit_immutable.opening_line('audit_vectors.sample');"]
        for n, v in enumerate(vectors):
            script += ["CREATE TABLE audit_vectors.v%d (%s) USING audit_immutable;" % (n, v["column"]),
                       "INSERT INTO audit_vectors.v%d VALUES (%s);" % (n, v["value"]),
                       "SELECT audit_immutable.line('audit_vectors.v%d', 1, 1);" % n,
                       "SELECT encode(audit_hash, 'hex') FROM audit_vectors.v%d;" % n]
        answer = psql("-f", "-", text="\n".join([*script, "ROLLBACK;"]).encode()).decode().split("\n")
        self.assertEqual(len(answer), 2 + 2 * len(vectors), "more or fewer lines than rows")
        opening = json.loads(answer[0])
        self.assertEqual(opening["table"], json.loads(first["line"])["table"])
        self.assertEqual(sorted(opening["columns"]), sorted(json.loads(first["line"])["columns"]))
        self.assertEqual(answer[0], json.dumps(opening, separators=(",", ":"), ensure_ascii=False))
        for v, line, digest in zip(vectors, answer[1::2], answer[2::2]):
            self.assertEqual(row_of(line), row_of(v["line"]), v["name"])
            self.assertEqual(hashlib.sha256(line.encode()).hexdigest(), digest, v["name"])


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        data = regenerate()
        VECTORS.write_bytes(data)
        RECEIPT.write_text(TreeVectors(load(data)).receipt)
        FORMAT.write_text(document(FORMAT.read_text(), load(data)))
    else:
        unittest.main()
