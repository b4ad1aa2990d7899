#!/usr/bin/env python3
"""Compares the table of ALTER TABLE subcommands in docs/THREATS.md with what the extension says it does; with
--write, writes it down."""
import pathlib
import subprocess
import sys

THREATS = pathlib.Path(__file__).resolve().parents[2] / "docs" / "THREATS.md"
HEAD = "| subcommand | verdict | why |\n|---|---|---|\n"
QUERY = "SELECT format('| `%s` | %s | %s |', subcommand, verdict, why) FROM audit_immutable.policy() WITH ORDINALITY AS p (subcommand, verdict, why, n) ORDER BY n"


def main():
    psql = ["psql", "-XAtq", "-c", "SET client_min_messages = warning", "-c", "CREATE EXTENSION IF NOT EXISTS audit_immutable", "-c", QUERY]
    now = subprocess.run(psql, text=True, stdout=subprocess.PIPE, check=True).stdout
    text = THREATS.read_text(encoding="utf-8")
    before, said = text.split(HEAD, 1)
    table, after = said.split("\n\n", 1)
    if "--write" in sys.argv[1:]:
        THREATS.write_text(before + HEAD + now.rstrip() + "\n\n" + after, encoding="utf-8")
    failed = table.splitlines() != now.splitlines()
    if failed:
        print(f"docs/THREATS.md says\n{table}\nthe extension says\n{now}")
    print(f"policy: {int(not failed)} passed, {int(failed)} failed")
    return failed


sys.exit(main())
