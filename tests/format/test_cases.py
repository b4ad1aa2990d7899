#!/usr/bin/env python3
"""docs/cases.jsonl: it is what make_cases.py makes; docs/verify.py agrees with the export files, check_receipt.py with the receipts."""
import base64
import collections
import contextlib
import io
import json
import pathlib
import tempfile
import unittest

import check_receipt
import make_cases
from check_receipt import VERIFIER

ROOT = pathlib.Path(__file__).resolve().parents[2]
CASES = ROOT / "docs" / "cases.jsonl"


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
        self.assertGreater(len(names), 900)

    def test_verify_agrees(self):
        for case in self.cases:
            if case["kind"] == "export":
                with self.subTest(case["name"]):
                    status, printed = verify(file_of(case), case["heads"], case["events"])
                    self.assertEqual(status, {"accept": 0, "refuse": 1}[case["verdict"]], printed)
                    self.assertEqual("format version" in printed, "version" in case, printed)

    def test_receipts_agree(self):
        for case in self.cases:
            if case["kind"] == "receipt":
                with self.subTest(case["name"]):
                    verdict, refused = "accept", None
                    try:
                        check_receipt.verify(file_of(case), case["keys"], case["origin"], case["log"])
                    except check_receipt.Refused as error:
                        verdict, refused = "refuse", error
                    self.assertEqual(verdict, case["verdict"], refused)
                    self.assertEqual(isinstance(refused, check_receipt.OtherVersion), "version" in case, refused)

    def test_one_rule_is_broken(self):
        """Where the hashes are not what a case is about, they are right: no refused file is refused for a `prev`."""
        for case in self.cases:
            if case["kind"] == "export" and case["verdict"] == "refuse" and "prev" not in case["why"]:
                with self.subTest(case["name"]):
                    self.assertNotIn("has as hash of", verify(file_of(case), case["heads"], case["events"])[1])


if __name__ == "__main__":
    unittest.main()
