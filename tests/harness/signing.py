"""A key that signs checkpoints, as a DBA would make one."""
from __future__ import annotations

import subprocess
from pathlib import Path


def new_key(folder: Path) -> Path:
    """A new Ed25519 key in a folder, which must lie outside every data directory."""
    file = folder / "signing.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", file], check=True)
    file.chmod(0o600)
    return file
