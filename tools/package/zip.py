"""Packs a directory into a zip file whose bytes depend on nothing but its files: zip.py FILE PARENT NAME SECONDS"""

import pathlib
import sys
import time
import zipfile


def main(target: str, parent: str, name: str, seconds: str) -> None:
    date = time.gmtime(int(seconds))[:6]
    root = pathlib.Path(parent)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(root.joinpath(name).rglob("*")):
            if not path.is_file():
                continue
            entry = zipfile.ZipInfo(path.relative_to(root).as_posix(), date)
            mode = 0o755 if path.stat().st_mode & 0o100 else 0o644
            entry.external_attr = (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())


main(*sys.argv[1:])
