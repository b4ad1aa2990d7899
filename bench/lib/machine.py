"""What it was measured on."""
import os
import pathlib
import platform
import re

from .server import psql

SETTINGS = ("fsync synchronous_commit full_page_writes wal_level wal_sync_method shared_buffers max_wal_size "
            "checkpoint_timeout autovacuum max_parallel_workers shared_preload_libraries").split()


def describe():
    """Lines about the machine and the server."""
    memory = _first("/proc/meminfo", r"^MemTotal:\s+(\d+)")
    lines = [
        f"CPU: {_first('/proc/cpuinfo', r'^model name.*: (.*)$')}, {os.cpu_count()} cores",
        f"memory: {int(memory) / 2 ** 20:.0f} GiB" if memory.isdigit() else "memory: unknown",
        f"system: {platform.system()} {platform.release()}",
        "server: " + psql("SELECT version();").split(" on ")[0],
        "extension: " + psql("SELECT extversion FROM pg_extension WHERE extname = 'audit_immutable';"),
    ]
    settings = [f"{name} = {psql(f'SHOW {name};') or '(empty)'}" for name in SETTINGS]
    return lines + ["settings, where a section does not say otherwise: " + ", ".join(settings)]


def _first(path, pattern):
    file = pathlib.Path(path)
    found = re.search(pattern, file.read_text(), re.M) if file.exists() else None
    return found[1] if found else "unknown"
