"""A DBA's way with the packages, in a bare Debian: install, README's tour, remove, install again."""
from __future__ import annotations

import os
import tempfile
from pathlib import Path

from harness.counting import Count
from packages.chroot import Chroot, bare
from tour.readme import tour

EXPORT = "SELECT audit_immutable.export('kept')"


def installed(directory: Path, release: str, major: int, count: Count) -> None:
    """All of it, for one release of Debian."""
    server = f"postgresql-{major}-audit-immutable"
    with bare(release, directory.parent / "archives") as debian:
        for package in directory.glob("*.deb"):
            if package.name.startswith((f"{server}_", "audit-immutable_")):
                debian.take(package)
        _expect(count, debian.run("apt-get", "update"), "")
        # A container's policy: nothing starts by itself, and no service is there to ask.
        _expect(count, debian.run("sh", "-c", "apt-get install -y --no-install-recommends /root/*.deb"), "Setting up")
        _expect(count, debian.run("pg_ctlcluster", str(major), "main", "start"), "")
        _tour(debian, count)
        _remove_and_return(debian, server, count)
        _command(debian, count)
        _expect(count, debian.run("pg_ctlcluster", str(major), "main", "stop", "--force"), "")


def _tour(debian: Chroot, count: Count) -> None:
    """The README's tour, typed into that server's own psql."""
    with tempfile.TemporaryDirectory() as folder:
        words = " ".join(f"'{word}'" for word in debian.command("runuser", "-u", "postgres", "--", "psql"))
        psql = Path(folder) / "psql"
        psql.write_text(f'#!/bin/sh\nLC_ALL=C.UTF-8 exec {words} "$@"\n')
        psql.chmod(0o755)
        walked = tour(_Elsewhere(folder), write=False)
    count.passed += walked.passed
    count.failed += walked.failed
    print(f"README's tour: {walked}")


class _Elsewhere:
    """A server that the tour reaches by the first psql on the path."""

    def __init__(self, folder: str) -> None:
        self.environment = {"PATH": f"{folder}:{os.environ['PATH']}"}


def _remove_and_return(debian: Chroot, server: str, count: Count) -> None:
    """What is retired stays readable without the package; what is not waits for it, whole."""
    debian.sql("CREATE DATABASE shop")
    for statement in ("CREATE EXTENSION audit_immutable", "CREATE TABLE kept (note text) USING audit_immutable",
                      "CREATE TABLE ended (note text) USING audit_immutable",
                      "INSERT INTO kept VALUES ('one'), ('two')", "INSERT INTO ended VALUES ('three')",
                      "SELECT audit_immutable.retire('ended', 'the server leaves')"):
        debian.sql(statement, "shop")
    before = debian.sql(EXPORT, "shop")
    count.add(before.count("\n") == 2)
    _expect(count, debian.run("apt-get", "remove", "-y", server), "Removing")
    count.add(debian.sql("SELECT note FROM ended", "shop") == "three")
    refused = debian.sql("SELECT note FROM kept", "shop")
    count.add("could not access file" in refused)
    print(f"without the package: {refused}")
    _expect(count, debian.run("sh", "-c", f"apt-get install -y /root/{server}_*.deb"), "Setting up")
    count.add(debian.sql(EXPORT, "shop") == before)
    count.add(debian.sql("SELECT count(*) FILTER (WHERE intact), count(*) FILTER (WHERE NOT intact) "
                         "FROM audit_immutable.verify('kept')", "shop").endswith("|0"))


def _command(debian: Chroot, count: Count) -> None:
    """The command's package: it runs, and removes itself without a trace."""
    debian.sql(f"\\o /tmp/kept.jsonl\n{EXPORT};", "shop")
    _expect(count, debian.run("audit-immutable", "verify", "/tmp/kept.jsonl"), "intact")
    _expect(count, debian.run("sh", "-c", "zcat /usr/share/man/man1/audit-immutable-verify.1.gz 2>&1 | head -1"), "")
    _expect(count, debian.run("dpkg", "--purge", "audit-immutable"), "Removing")
    count.add(not debian.run("sh", "-c", "command -v audit-immutable").stdout)


def _expect(count: Count, run, says: str) -> None:
    """It went well, and said that."""
    good = run.returncode == 0 and says in run.stdout
    count.add(good)
    if not good:
        print(f"{' '.join(run.args[-4:])} ended with {run.returncode} and said:\n{run.stdout}")
