"""Whether docs/OPERATIONS.md lists every error the extension declares, with its SQLSTATE."""
from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_DECLARED = re.compile(
    r"^        (?P<name>\w+)(?: \{[^}]*\})?:\s+Code::ERRCODE_(?P<code>\w+),\s+\"(?P<message>(?:\\.|[^\"\\])*)\"",
    re.MULTILINE,
)
_LISTED = re.compile(r"^\| (?P<states>[0-9A-Z, ]+) \| (?P<messages>.*) \| .* \|$", re.MULTILINE)


@dataclass(frozen=True)
class Declared:
    """An error as src/error declares it; `{field}` in its message stands for anything."""

    name: str
    state: str
    message: str

    def is_listed(self, row: tuple[set[str], list[str]]) -> bool:
        states, messages = row
        pattern = ".+".join(re.escape(part) for part in re.split(r"\{\w+\}", self.message))
        return self.state in states and any(re.fullmatch(pattern, message) for message in messages)


def declared(source: str, states: dict[str, str]) -> Iterator[Declared]:
    """The errors in the text of a file of src/error, but for those whose message comes from elsewhere."""
    for found in _DECLARED.finditer(source):
        message = found["message"].replace('\\"', '"')
        if re.sub(r"\{\w+\}|cannot", "", message).strip() and found["code"] != "INTERNAL_ERROR":
            yield Declared(found["name"], states[f"ERRCODE_{found['code']}"], message)


def listed(document: str) -> list[tuple[set[str], list[str]]]:
    """The rows of the table of errors: SQLSTATEs and messages."""
    table = document.split("## Errors", 1)[1].split("\n## ", 1)[0]
    rows = [(set(row["states"].split(", ")), re.findall(r"`([^`]+)`", row["messages"])) for row in _LISTED.finditer(table)]
    if not rows:
        raise SystemExit("docs/OPERATIONS.md has no table of errors")
    return rows


def sqlstates(pg_config: str) -> dict[str, str]:
    """PostgreSQL's own names of SQLSTATEs."""
    share = subprocess.run([pg_config, "--sharedir"], check=True, capture_output=True, text=True).stdout.strip()
    lines = Path(share, "errcodes.txt").read_text(encoding="ascii").splitlines()
    words = [line.split() for line in lines]
    return {it[2]: it[0] for it in words if len(it) >= 3 and re.fullmatch(r"[0-9A-Z]{5}", it[0])}


def main() -> int:
    states = sqlstates(sys.argv[1] if len(sys.argv) > 1 else "pg_config")
    rows = listed((ROOT / "docs/OPERATIONS.md").read_text(encoding="utf-8"))
    errors = [error for file in sorted((ROOT / "src/error").glob("*.rs")) for error in declared(file.read_text(), states)]
    missing = [error for error in errors if not any(error.is_listed(row) for row in rows)]
    for error in missing:
        print(f"docs/OPERATIONS.md does not list {error.state} {error.message!r}")
    print(f"errors: {len(errors) - len(missing)} passed, {len(missing)} failed")
    return 1 if missing or not errors else 0


if __name__ == "__main__":
    sys.exit(main())
