"""Certificates for the tests, by openssl: an authority, the server's and a client's."""
from __future__ import annotations

import subprocess
from pathlib import Path


def make(folder: Path) -> None:
    """Writes ca.crt, server.crt, server.key, client.crt and client.key."""
    request = ("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")
    _run([*request, "-subj", "/CN=tests", "-keyout", folder / "ca.key", "-out", folder / "ca.crt"])
    for name, subject in (("server", "/CN=server"), ("client", "/CN=app")):
        signed = ("-CA", folder / "ca.crt", "-CAkey", folder / "ca.key")
        _run([*request, "-subj", subject, *signed, "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.crt"])
        (folder / f"{name}.key").chmod(0o600)


def _run(command: list[str | Path]) -> None:
    subprocess.run(command, check=True, capture_output=True)
