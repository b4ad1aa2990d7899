"""What stands in a database's audit tables, and what verify says of them."""
from __future__ import annotations

from collections import Counter
from pathlib import Path

from harness import psql
from harness.cluster import Database

HERE = Path(__file__).parent


def rows(database: Database) -> Counter[str]:
    """The rows of all audit tables, each behind its table's name and a `|`."""
    return Counter(psql.answer(database, HERE / "rows.sql").splitlines())


def findings(database: Database) -> list[str]:
    """What verify finds in everything, each behind its kind and a `|`."""
    return psql.answer(database, HERE / "verdict.sql").splitlines()
