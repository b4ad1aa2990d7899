"""Throw-away servers for shell scripts; tools/cluster.sh is made of these.

    python3 -m harness create DIRECTORY [--preload LIBRARIES] [--conf FILE] [--set 'name = value']... [--loopback]
    python3 -m harness start | stop | remove DIRECTORY

`create` prints the shell's assignments by which clients find the new server.
"""
from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path

from harness.cluster import Cluster, ClusterError
from harness.suite import end_well


def main() -> None:
    """Does what the arguments say."""
    layout = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="harness", description=__doc__, formatter_class=layout)
    parser.add_argument("verb", choices=("create", "start", "stop", "remove"))
    parser.add_argument("directory", type=Path)
    parser.add_argument("--preload", metavar="LIBRARIES")
    parser.add_argument("--conf", type=Path, metavar="FILE")
    parser.add_argument("--set", action="append", default=[], metavar="'name = value'")
    parser.add_argument("--loopback", action="store_true", help="listens to 127.0.0.1 too, on a port that is free")
    options = parser.parse_args()
    cluster = Cluster(options.directory)
    match options.verb:
        case "create":
            cluster.create(_conf(options) + (f"\n{cluster.listen_to_loopback()}" if options.loopback else ""))
            for name, value in cluster.address.items():
                print(f"export {name}={shlex.quote(value)}")
        case "start":
            cluster.start()
        case "stop":
            cluster.stop()
        case "remove":
            cluster.remove()


def _conf(options: argparse.Namespace) -> str:
    parts = [options.conf.read_text()] if options.conf else []
    if options.preload:
        parts.append(f"shared_preload_libraries = '{options.preload}'")
    return "\n".join([*parts, *options.set])


end_well()
try:
    main()
except ClusterError as error:
    sys.exit(str(error))
