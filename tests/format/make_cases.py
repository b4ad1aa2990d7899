#!/usr/bin/env python3
"""Prints docs/cases.jsonl: files and receipts that a verifier of docs/FORMAT.md must accept or refuse.

    tests/format/make_cases.py > docs/cases.jsonl

One JSON object a line: `name`; `kind`, "export" or "receipt"; `file`, or `file_base64` where it is not UTF-8; of an export `heads`
and `events`, those obtained elsewhere; of a receipt `keys`, `origin` and `log`, those known beforehand; `verdict`, "accept" or
"refuse"; `version`, true where the reason must be the version; `why`. A case that is refused breaks one rule: hashes and
signatures are made after the change.
"""
import json
import sys

from cases import files, notes, planned, receipts, shapes, values


def cases():
    for topic in (shapes, values, files, planned, receipts, notes):
        yield from topic.cases()


def text():
    return "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases())


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    sys.stdout.write(text())
