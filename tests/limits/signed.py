"""The settings of a server that can sign."""
from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness import signing


@contextmanager
def conf(more: str = "") -> Iterator[str]:
    """They, and more, as long as there is the key."""
    with tempfile.TemporaryDirectory(prefix="audit_key.") as folder:
        key = signing.new_key(Path(folder))
        yield f"audit_immutable.signing_key_file = '{key}'\naudit_immutable.origin = 'db.example.org/limits'\n{more}\n"
