#!/usr/bin/env python3
"""The store in a bucket, against a service that speaks S3 and knows Object Lock: moto, from the Python Package Index,
kept in the stage. Started by `make test SUITES=s3`, which names the stage; cargo prints the count.
"""
from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.suite import end_well

MOTO = "5.2.5"
PACKAGES = (f"moto[s3]=={MOTO}", "flask>=3,<4", "flask-cors>=5,<7")
PATIENCE = 30           # seconds for the service to start
TESTS = ("cargo", "test", "--locked", "-p", "audit-immutable-auditor", "--lib", "store::s3", "--", "--ignored")


def main() -> int:
    """Runs the tests; the result is their status."""
    with service(moto(Path(os.environ["AUDIT_STAGE"]))) as endpoint:
        key = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
        return subprocess.run(TESTS, env=os.environ | key | {"AUDIT_S3_ENDPOINT": endpoint}).returncode


def moto(stage: Path) -> Path:
    """Its commands, installed where they are not yet."""
    venv = stage / f"moto-{MOTO}"
    if not (venv / "complete").exists():
        print(f"== installing moto {MOTO}")
        shutil.rmtree(venv, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        pip = [str(venv / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *PACKAGES], check=True)
        (venv / "complete").touch()
    return venv / "bin"


@contextmanager
def service(commands: Path) -> Iterator[str]:
    """The service's address, while the block runs. It lists keys in pages of seven."""
    settings = {"MOTO_S3_DEFAULT_MAX_KEYS": "7", "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}
    command = [str(commands / "moto_server"), "-H", "127.0.0.1", "-p", "0"]
    with tempfile.NamedTemporaryFile(prefix="audit_s3.") as log:
        process = subprocess.Popen(command, env=os.environ | settings, stdout=log, stderr=subprocess.STDOUT)
        try:
            yield _endpoint(process, Path(log.name))
        finally:
            process.terminate()
            process.wait()


def _endpoint(process: subprocess.Popen[bytes], log: Path) -> str:
    """The port is the service's own choice: its log says which."""
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        if said := re.search(r"Running on (http:\S*\d)", log.read_text()):
            return said[1]
        time.sleep(0.1)
    sys.exit(f"the service does not start:\n{log.read_text()}")


if __name__ == "__main__":
    end_well()
    sys.exit(main())
