"""A server that can sign, with a key made by somebody else's code."""
from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def conf(more: str = "") -> Iterator[str]:
    """The settings, as long as the key is there."""
    with tempfile.TemporaryDirectory(prefix="audit_key.") as directory:
        key = Path(directory) / "signing.pem"
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True, capture_output=True)
        key.chmod(0o600)
        yield f"""
audit_immutable.signing_key_file = '{key}'
audit_immutable.origin = 'db.example.org/limits'
{more}
"""
