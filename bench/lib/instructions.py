"""Instructions of a backend for a row, by callgrind: a long run's less a short run's. See instructions.sh."""
import collections
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from harness.cluster import Cluster

from . import server, tables
from .figures import grid
from .section import Section, progress

ROWS = 20_000               # in the tables beforehand
INSERTS = (300, 1_800)      # transactions of the short and of the long run
COPIED = (2_000, 12_000)    # rows
HASHED = 1_200              # what the hash of a typical line takes with SHA instructions
SETTLED = 2                 # seconds without a new profile


class Server:
    """The server under valgrind; every process leaves its profile when it ends."""

    def __init__(self, scratch):
        self.profiles = scratch / "profiles"
        self.profiles.mkdir()
        cluster = Cluster.current()
        cluster.stop()
        self.log = (scratch / "valgrind.log").open("w")
        self.process = subprocess.Popen(
            ["valgrind", "--tool=callgrind", "--compress-strings=no", "--compress-pos=no",
             f"--callgrind-out-file={self.profiles}/%p", "postgres", "-D", cluster.data, "-c", "autovacuum=off"], stdout=self.log, stderr=self.log)
        while subprocess.run(["pg_isready", "--quiet"]).returncode:
            if self.process.poll() is not None:
                server.fail("the server did not start under valgrind")
            time.sleep(0.3)

    def profile(self, work):
        """The profile of the busiest backend of those that ended while work was done."""
        self._settled()
        before = set(self.profiles.iterdir())
        work()
        return max((Profile(path) for path in self._settled() - before), key=lambda it: it.total)

    def _settled(self):
        """The profiles, once no more are coming."""
        seen, since = None, time.monotonic()
        while time.monotonic() - since < SETTLED:
            time.sleep(0.2)
            now = {(path, path.stat().st_size) for path in self.profiles.iterdir()}
            if now != seen:
                seen, since = now, time.monotonic()
        return {path for path, _ in seen}

    def stop(self):
        """Ends it."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait()
        self.log.close()


class Profile:
    """Instructions by function, with those of what it calls."""

    def __init__(self, path):
        self.inclusive = collections.Counter()
        function = callee = None
        for line in path.read_text(errors="replace").splitlines():
            if line.startswith("fn="):
                function = line[3:]
            elif line.startswith("cfn="):
                callee = line[4:]
            elif line.startswith("totals:"):
                self.total = int(line.split()[1])
            elif line[:1].isdigit():            # the function's own, or after the name of a callee, that one's
                if callee != function:          # recursion counts once
                    self.inclusive[function] += int(line.split()[-1])
                callee = None

    def less(self, other, times):
        """Instructions a time, and those of each function, of what this did more often than other."""
        each = {name: (count - other.inclusive[name]) / times for name, count in self.inclusive.items()}
        return (self.total - other.total) / times, each


def _insert(peer, _):
    script = "\\set id random(1, 1000000000)\n" + tables.insert(peer, tables.TYPICAL)
    return lambda count: server.pgbench(["-t", count], 1, script)


def _copy(peer, file):
    def copy(count):
        tables.write_rows(file, count)
        tables.copy(peer, file)
    return copy


def _insert_select(peer, _):
    return lambda count: server.psql(tables.insert_select(peer, tables.TYPICAL, count))


WORK = (("INSERT of a row, a transaction", _insert, INSERTS), ("COPY, a row", _copy, COPIED),
        ("INSERT ... SELECT, a row", _insert_select, COPIED))


def measured(peers, scratch):
    """What, of which peer, its instructions a time, and those of each function. The server runs under valgrind meanwhile."""
    for peer in peers:
        tables.fresh(peer, tables.TYPICAL)
        server.psql(tables.insert_select(peer, tables.TYPICAL, ROWS))
        server.psql(f"VACUUM (ANALYZE) {tables.table(peer)};")
    running = Server(scratch)
    try:
        for what, work_of, (few, many) in WORK:
            for peer in peers:
                progress(f"instructions: {what}, {tables.TITLES[peer]}")
                work = work_of(peer, scratch / "rows.csv")
                short, long = running.profile(lambda: work(few)), running.profile(lambda: work(many))
                yield what, peer, *long.less(short, many - few)
    finally:
        running.stop()


class Instructions(Section):
    """What a row costs, whatever else the machine does."""

    name = "instructions"
    heading = "Instructions"
    note = ("Of the server's process, counted by valgrind: a long run's less a short run's. Its processor has no SHA "
            f"instructions; in the second column the hash of ours counts for {HASHED:,}, as where a processor has them.")
    once = True
    default = shutil.which("valgrind") is not None

    def round(self):
        lines, floor = [], {}
        for what, peer, total, functions in measured(tables.FEW, self.scratch):
            lines.append((what, peer, total, with_sha(total, functions)))
            if peer == "no_index":
                floor[what] = total
        self.lines = [[what, tables.TITLES[peer], f"{total:,.0f}", f"{hashed:,.0f}", f"{hashed - floor[what]:+,.0f}"]
                      for what, peer, total, hashed in lines]

    def finish(self):
        Cluster.current().start()
        for peer in tables.FEW:
            tables.drop(peer)

    def body(self):
        return grid(["what", "of", "instructions", "with SHA instructions", "above the same width, no index"], self.lines)


def with_sha(total, functions):
    """The instructions on a processor that has some for SHA-256."""
    software = [count for name, count in functions.items() if re.match(r"sha2::.*compress", name)]
    return total - max(software) + HASHED if software and max(software) > HASHED else total


def main(peers):
    """Measures, and prints a table."""
    server.psql("CREATE EXTENSION audit_immutable;")
    rows = []
    with tempfile.TemporaryDirectory(prefix="audit_instructions") as scratch:
        for what, peer, total, functions in measured(peers, pathlib.Path(scratch)):
            rows.append([what, tables.TITLES[peer], f"{total:,.0f}", f"{with_sha(total, functions):,.0f}"])
            _functions(f"{what}, {tables.TITLES[peer]}", functions)
    print(grid(["what", "of", "instructions", "with SHA instructions"], rows))


def _functions(title, functions):
    most = int(os.environ.get("AUDIT_FUNCTIONS", 0))
    named = [(count, name) for name, count in functions.items() if not re.match(r"0x|\(below", name)]
    for count, name in sorted(named, reverse=True)[:most]:
        print(f"{title}: {count:10,.0f} {name}")


if __name__ == "__main__":
    main(sys.argv[1].split(",") if len(sys.argv) > 1 else tables.FEW)
