#!/usr/bin/env python3
"""The packages as `make package` made them: well formed, and installed, used and removed in a bare Debian.

    run.py DIRECTORY        where the packages are

A bare Debian takes root, and the network once. Started by tools/test.sh.
"""
import os
import sys
from pathlib import Path

from harness import suite
from harness.counting import Count
from packages.files import files
from packages.installed import installed

# Which PostgreSQL each of Debian's releases has.
RELEASES = {"bookworm": 15, "trixie": 17}


def packages() -> list[Count]:
    """All that can be tried here."""
    directory = Path(sys.argv[1]).resolve()
    count = Count("packages")
    files(directory, count)
    if os.geteuid() != 0:
        print("not root: the packages are not installed anywhere")
        return [count]
    for release, major in RELEASES.items():
        if any(directory.glob(f"postgresql-{major}-audit-immutable_*.deb")):
            installed(directory, release, major, count)
        else:
            print(f"no package for PostgreSQL {major}: not tried on {release}")
    return [count]


if __name__ == "__main__":
    suite.run(packages)
