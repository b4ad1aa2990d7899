"""What can be seen of the packages without installing them."""
from __future__ import annotations

import hashlib
import json
import subprocess
import tarfile
import tempfile
import zipfile
from pathlib import Path

from harness.counting import Count

MOST = 12 * 1000 * 1000         # bytes of the command that needs no library
DOCUMENTS = Path(__file__).resolve().parents[2] / "docs"


def files(directory: Path, count: Count) -> None:
    """Looks at each."""
    for package in sorted(directory.glob("*.deb")):
        said = _said("lintian", "--allow-root", "--fail-on", "error,warning", str(package))
        count.add(not said)
        print(f"lintian {package.name}: {said or 'nothing'}")
    _sums(directory, count)
    for archive in directory.glob("audit-immutable-*.tar.gz"):
        _static(archive, count)
    for archive in directory.glob("*.zip"):
        _source(archive, count)


def _sums(directory: Path, count: Count) -> None:
    """Every file is listed with its hash, and no other."""
    listed = dict(reversed(line.split("  ")) for line in (directory / "SHA256SUMS").read_text().splitlines())
    there = {str(path.relative_to(directory)): hashlib.sha256(path.read_bytes()).hexdigest()
             for path in directory.rglob("*") if path.is_file() and path.name != "SHA256SUMS"}
    count.add(listed == there)


def _static(archive: Path, count: Count) -> None:
    """The auditor's command: small, without a library, and at work where there is nothing else."""
    with tempfile.TemporaryDirectory() as scratch, tarfile.open(archive) as files:
        files.extractall(scratch, filter="data")
        [program] = Path(scratch).glob("*/bin/audit-immutable")
        size = program.stat().st_size
        print(f"{program.name}: {size} bytes")
        count.add(size < MOST)
        count.add("statically linked" in _said("ldd", str(program)) or "not a dynamic" in _said("ldd", str(program)))
        root = program.parents[1]
        for verdict in ("accept", "refuse"):
            (root / "export").write_text(_export(verdict))
            said = _said("unshare", "--map-root-user", "--root", str(root), "/bin/audit-immutable", "verify", "/export")
            count.add(("intact" in said) == (verdict == "accept"))
            print(f"in a directory with nothing else, an export to {verdict}: {said}")


def _export(verdict: str) -> str:
    """An export of docs/cases.jsonl that every verifier judges so."""
    cases = map(json.loads, (DOCUMENTS / "cases.jsonl").read_text().strip().split("\n"))
    return next(case["file"] for case in cases
                if (case["kind"], case["verdict"]) == ("export", verdict) and not case["heads"] and case["file"])


def _source(archive: Path, count: Count) -> None:
    """PGXN's archive: one folder, which META.json describes."""
    with zipfile.ZipFile(archive) as files:
        names = files.namelist()
        folder = f"{archive.stem}/"
        count.add(all(name.startswith(folder) for name in names))
        meta = json.loads(files.read(f"{folder}META.json"))
        count.add(archive.stem == f"{meta['name']}-{meta['version']}")
        provided = [entry[key] for entry in meta["provides"].values() for key in ("file", "docfile")]
        count.add(all(f"{folder}{name}" in names for name in provided))
        count.add(f"{folder}Cargo.lock" in names)


def _said(*command: str) -> str:
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return run.stdout.strip()
