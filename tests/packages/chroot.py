"""A bare Debian in a directory, with a mount and a process namespace of its own.

All that runs in it ends with it, and no mount is left behind: both go with the namespaces' first process.
"""
from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOLD = 'mount --make-rprivate / && mount -t proc proc "$1/proc" && mount -t tmpfs tmpfs "$1/dev/shm" && echo ready && exec sleep infinity'


def mirror() -> str:
    """The archive this machine takes its own packages from."""
    run = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"],
                         stdout=subprocess.PIPE, text=True, check=True)
    return run.stdout.splitlines()[0]


@contextmanager
def bare(suite: str, cache: Path) -> Iterator[Chroot]:
    """A bare Debian of that suite, until the block ends."""
    root = Path(tempfile.mkdtemp(prefix="audit_packages.", dir="/var/tmp"))
    root.chmod(0o755)           # it is everybody's root directory
    try:
        cache.mkdir(parents=True, exist_ok=True)
        subprocess.run(["debootstrap", "--variant=minbase", f"--cache-dir={cache}", suite, str(root), mirror()],
                       stdout=subprocess.DEVNULL, check=True)
        (root / "dev" / "shm").mkdir(exist_ok=True)
        holder = subprocess.Popen(["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", HOLD, "sh", str(root)],
                                  stdout=subprocess.PIPE, text=True)
        try:
            assert holder.stdout is not None
            if holder.stdout.readline() != "ready\n":
                raise RuntimeError(f"no namespaces for {root}")
            yield Chroot(root, holder.pid)
        finally:
            holder.kill()
            holder.wait()
    finally:
        shutil.rmtree(root)


class Chroot:
    """One that is there."""

    def __init__(self, root: Path, holder: int) -> None:
        self.root = root
        # The holder's child is the first process within.
        self.first = Path(f"/proc/{holder}/task/{holder}/children").read_text().split()[0]

    def command(self, *words: str) -> list[str]:
        """What runs a command in it, for whoever starts it."""
        return ["nsenter", f"--target={self.first}", "--mount", "--pid", "chroot", str(self.root), *words]

    def run(self, *words: str, text: str = "") -> subprocess.CompletedProcess[str]:
        """Runs a command in it as root, with both its outputs in one."""
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
        return subprocess.run(self.command(*words), env=environment, input=text, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def sql(self, statement: str, database: str = "postgres") -> str:
        """What psql answers the server's superuser."""
        run = self.run("runuser", "-u", "postgres", "--", "psql", "-X", "-A", "-t", "-d", database, text=statement)
        return run.stdout.strip()

    def take(self, file: Path) -> None:
        """A copy of a file of ours, into its root's home."""
        shutil.copy(file, self.root / "root" / file.name)
