"""How much memory verify takes, on tables whose chains interleave."""
import pathlib
import re
import subprocess
import threading

from . import server, tables
from .section import Section, progress

CHAINS = 64
BATCH = 500             # rows of a transaction, half of them before a pause in which the other clients write
SAMPLE = 0.01           # seconds


def anonymous(pid):
    """Memory of a process that is its own, shared buffers and files left out, in bytes."""
    found = re.search(r"^RssAnon:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text(), re.M)
    return int(found[1]) * 1024 if found else 0


def workers_of(pid):
    """The parallel workers of a backend, which say in their title whose they are."""
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if path.read_bytes().rstrip(b"\0 ").endswith(b"parallel worker for PID %d" % pid):
                yield int(path.parent.name)
        except OSError:         # it has ended
            continue


class Session:
    """A psql that stays connected."""

    def __init__(self):
        self.process = subprocess.Popen(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1"], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.pid = int(self.ask("SELECT pg_backend_pid();"))

    def ask(self, sql):
        """The last line of the answer."""
        self.process.stdin.write(f"{sql}\n\\echo end of answer\n")
        self.process.stdin.flush()
        last = ""
        for line in self.process.stdout:
            if line == "end of answer\n":
                return last
            last = line.rstrip("\n")
        return server.fail(f"the server did not answer: {sql}")

    def peak(self, sql):
        """The answer, and the most memory that the backend and its workers took for it at any one time."""
        start, most, done = anonymous(self.pid), 0, threading.Event()

        def watch():
            nonlocal most
            while not done.wait(SAMPLE):
                total = anonymous(self.pid)
                for worker in workers_of(self.pid):
                    try:
                        total += anonymous(worker)
                    except OSError:
                        continue
                most = max(most, total)

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            answer = self.ask(sql)
        finally:
            done.set()
            watcher.join()
        return answer, max(0, most - start)

    def close(self):
        """Ends the session."""
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


class Memory(Section):
    """The growth of a backend that verifies."""

    name = "memory"
    heading = "Memory of verify"
    note = (f"Typical rows that {CHAINS} clients wrote at once. The most memory of its own (RssAnon, looked at every {SAMPLE * 1000:.0f} ms) "
            "that the verifying backend and its workers had together, above what a fresh backend has.")
    unit = "MiB"
    baselines = ()
    once = True

    def prepare(self):
        tables.fresh("ours", tables.TYPICAL)

    def round(self):
        half = tables.insert_select("ours", tables.TYPICAL, BATCH // 2) + "\n"
        rows = 0
        for wanted in self.sizes.memory_rows:
            progress(f"writing up to {wanted:,} rows")
            each = -(-(wanted - rows) // (CHAINS * BATCH))
            with server.setting("fsync", "off"):
                load = server.pgbench(["-t", each], CHAINS, f"BEGIN;\n{half}\\sleep 5 ms\n{half}END;\n")
            rows += load.transactions * BATCH
            server.psql("VACUUM (ANALYZE) bench_ours;")
            self._measure(rows)

    def _measure(self, rows):
        progress(f"verifying {rows:,} rows")
        for title, workers, query in (
                ("count(*)", 0, "SELECT count(*), true, 0 FROM bench_ours;"),
                ("audit_immutable.verify", 0, "SELECT rows, intact, chains FROM audit_immutable.verify('bench_ours');"),
                ("audit_immutable.verify, 2 workers", 2, "SELECT rows, intact, chains FROM audit_immutable.verify('bench_ours');")):
            session = Session()
            session.ask(f"SET max_parallel_workers_per_gather = {workers};")
            answer, grown = session.peak(query)
            session.close()
            found, chains = answer.rsplit("|", 1)
            if found != f"{rows}|t":
                server.fail(f"{title} of {rows} rows says {answer}")
            what = f"{rows:,} rows" + (f", {chains} chains" if int(chains) else "")
            self.figures.add(what, title, grown / 2 ** 20)

    def finish(self):
        tables.drop("ours")
