"""The server under test: statements, pgbench, settings, restarts."""
import contextlib
import errno
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass

from harness.cluster import Cluster


@dataclass
class Load:
    """What pgbench did."""
    transactions: int
    tps: float


def fail(message):
    """Ends the run: something is wrong, as opposed to slow."""
    sys.exit(f"bench: {message}")


def psql(sql, before=None):
    """The last line of the answer. With before, that is run first, and the seconds sql took, by psql's clock, come too."""
    script = "SET client_min_messages = warning;\n" + ("" if before is None else f"{before}\n\\timing on\n") + sql
    run = subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-f", "-"], input=script, text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if run.returncode:
        fail(f"{run.stderr.strip()}\nin: {sql}")
    lines = run.stdout.splitlines()
    took = float(re.match(r"Time: ([\d.]+) ms", lines.pop())[1]) / 1000 if before is not None else None
    answer = lines[-1] if lines else ""
    return answer if before is None else (answer, took)


def pgbench_start(arguments, clients, script=None, settings=""):
    """A pgbench under way; script is SQL for it, settings are for its sessions."""
    source = [] if script is None else ["-M", "prepared", "-f", "-"]
    process = subprocess.Popen(
        ["pgbench", "-n", "-c", str(clients), "-j", str(min(clients, os.cpu_count())), *source, *map(str, arguments)],
        env={**os.environ, "PGOPTIONS": settings}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if script is not None:
        process.stdin.write(script)
    process.stdin.close()
    process.stdin = None
    return process


def pgbench_finish(process):
    """Waits for a pgbench; every one of its transactions has to have succeeded."""
    out, err = process.communicate()
    failed = re.search(r"number of failed transactions: (\d+)", out)
    if process.returncode or failed is None or int(failed[1]):
        fail(f"pgbench: {err.strip()}\n{out.strip()}")
    return Load(transactions=int(re.search(r"transactions actually processed: (\d+)", out)[1]),
                tps=float(re.search(r"tps = ([\d.]+) \(without", out)[1]))


def pgbench_init(scale):
    """pgbench's own tables."""
    run = subprocess.run(["pgbench", "-i", "-q", "-s", str(scale)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if run.returncode:
        fail(f"pgbench -i: {run.stdout}")


def pgbench(arguments, clients, script=None, settings=""):
    """Runs pgbench to its end."""
    return pgbench_finish(pgbench_start(arguments, clients, script, settings))


@contextlib.contextmanager
def setting(name, value):
    """The whole server has the setting while the block runs."""
    before = psql(f"SHOW {name};")
    _change(name, value)
    try:
        yield
    finally:
        _change(name, before)
        os.sync()       # what was left unsynced shall not burden who comes next


def _change(name, value):
    psql(f"ALTER SYSTEM SET {name} = '{value}';")
    psql("SELECT pg_reload_conf();")
    while psql(f"SHOW {name};") != value:       # the postmaster takes its time
        time.sleep(0.05)


def restart(preload=None, cold=False):
    """Restarts the server, with a library preloaded or not. cold: says whether its files left the page cache too."""
    cluster = Cluster.current()
    cluster.stop()
    is_cold = cold and _forget(cluster.data)
    cluster.start("-c", f"shared_preload_libraries={preload or ''}")
    if psql("SHOW shared_preload_libraries;") != (preload or ""):
        fail("the server did not take shared_preload_libraries")
    return is_cold


def _forget(data):
    """Asks the system to drop the tables' files from its page cache, which their owner may; answers whether it did."""
    biggest = None
    for path in (data / "base").rglob("*"):
        if not path.is_file():
            continue
        with path.open("rb") as file:
            os.fsync(file.fileno())         # pages that are not written yet would stay
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        if biggest is None or path.stat().st_size > biggest.stat().st_size:
            biggest = path
    with biggest.open("rb") as file:
        try:
            os.preadv(file.fileno(), [bytearray(8192)], 0, os.RWF_NOWAIT)
        except OSError as error:
            return error.errno == errno.EAGAIN      # it would have to be read from the disk
    return False
