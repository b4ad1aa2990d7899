#!/usr/bin/env python3
"""Installs the clients into the stage, where they are not yet: Python packages from PyPI, node-postgres and ORMs from npm.
Needs the network once. Started by tools/test.sh, as whom the stage belongs to.
"""
from __future__ import annotations

import shutil
import subprocess
import sys

from clients.places import HERE, NODE, VENV


def main() -> None:
    """Both, each whole or not at all."""
    if not (VENV / "complete").exists():
        print("== installing clients in Python")
        shutil.rmtree(VENV, ignore_errors=True)
        subprocess.run([_python(), "-m", "venv", VENV], check=True)
        pip = [VENV / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", HERE / "packages.txt"], check=True)
        (VENV / "complete").touch()
    if shutil.which("npm") and not (NODE / "complete").exists():
        print("== installing clients in Node.js")
        shutil.rmtree(NODE, ignore_errors=True)
        NODE.mkdir()
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / "node" / name, NODE)
        subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=NODE, check=True)
        (NODE / "complete").touch()


def _python() -> str:
    """The one that tools/run.sh finds, which its user may start."""
    return shutil.which("python3", path="/usr/local/bin:/usr/bin:/bin") or sys.executable


if __name__ == "__main__":
    main()
