#!/usr/bin/env python3
"""docs/cases.jsonl: it is what make_cases.py makes, and docs/verify.py agrees with every case of an export file."""
import base64
import collections
import contextlib
import importlib.util
import io
import json
import pathlib
import tempfile
import unittest

import make_cases

ROOT = pathlib.Path(__file__).resolve().parents[2]
CASES = ROOT / "docs" / "cases.jsonl"


def load_verifier():
    spec = importlib.util.spec_from_file_location("verify", ROOT / "docs" / "verify.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


VERIFIER = load_verifier()


def load():
    return [json.loads(line) for line in CASES.read_text(encoding="utf-8").split("\n") if line]


def file_of(case):
    return base64.b64decode(case["file_base64"]) if "file_base64" in case else case["file"].encode()


def verify(data, heads=(), events=()):
    """Exit status, and what was printed."""
    options = [f"--head={head}" for head in heads] + [f"--event={event}" for event in events]
    with tempfile.NamedTemporaryFile() as file, contextlib.redirect_stdout(io.StringIO()) as printed:
        file.write(data)
        file.flush()
        return VERIFIER.main([*options, file.name]), printed.getvalue()


class Cases(unittest.TestCase):
    def setUp(self):
        self.cases = load()

    def test_file_is_what_the_script_makes(self):
        self.assertTrue(CASES.read_text(encoding="utf-8") == make_cases.text(), "run tests/format/make_cases.py > docs/cases.jsonl")

    def test_names_differ(self):
        names = collections.Counter(case["name"] for case in self.cases)
        self.assertEqual([name for name, count in names.items() if count > 1], [])
        self.assertGreater(len(names), 700)

    def test_verify_agrees(self):
        for case in self.cases:
            if case["kind"] == "export":
                with self.subTest(case["name"]):
                    status, printed = verify(file_of(case), case["heads"], case["events"])
                    self.assertEqual(status, {"accept": 0, "refuse": 1}[case["verdict"]], printed)
                    self.assertEqual("format version" in printed, "version" in case, printed)


if __name__ == "__main__":
    unittest.main()
