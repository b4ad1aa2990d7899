"""Compares the table of ALTER TABLE subcommands in docs/THREATS.md with what the extension says it does."""
from __future__ import annotations

from pathlib import Path

from harness import golden, psql
from harness.cluster import Cluster
from harness.counting import Count

THREATS = Path(__file__).resolve().parents[2] / "docs" / "THREATS.md"
HEAD = "| subcommand | verdict | why |\n|---|---|---|\n"
POLICY = """
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS audit_immutable;
SELECT format('| `%s` | %s | %s |', subcommand, verdict, why)
    FROM audit_immutable.policy() WITH ORDINALITY AS p (subcommand, verdict, why, n) ORDER BY n;
"""


def policy(cluster: Cluster, write: bool) -> Count:
    """One test; `write` writes down what the extension says."""
    now = psql.query(cluster, POLICY)
    before, rest = THREATS.read_text().split(HEAD, 1)
    table, after = rest.split("\n\n", 1)
    if write:
        THREATS.write_text(f"{before}{HEAD}{now}\n\n{after}")
    wrong = golden.difference(table, now)
    if wrong:
        print(f"docs/THREATS.md (-) and the extension (+) differ:\n{wrong}")
    count = Count("policy")
    count.add(not wrong)
    return count
