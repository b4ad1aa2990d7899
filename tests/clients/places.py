"""Where the clients are: in the stage, under the hash of what they are."""
from __future__ import annotations

import hashlib
import os
from pathlib import Path

HERE = Path(__file__).resolve().parent
STAGE = Path(os.environ["AUDIT_STAGE"])


def _named(kind: str, *files: str) -> Path:
    content = b"".join((HERE / file).read_bytes() for file in files)
    return STAGE / f"clients-{kind}-{hashlib.sha256(content).hexdigest()[:12]}"


VENV = _named("python", "packages.txt")
NODE = _named("node", "node/package.json", "node/package-lock.json")
