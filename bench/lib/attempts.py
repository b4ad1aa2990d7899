"""What a flood of refused DELETEs does to those who insert, and whether each is remembered."""
import time

from . import server, tables
from .figures import Figures
from .preload import LIBRARY
from .refusals import Flood
from .section import Section, progress

NONE, POSTGRES, OURS = "no DELETEs", "DELETEs refused by PostgreSQL", "DELETEs refused by audit_immutable"
WRITERS = 4
LEAD = 0.5              # seconds of inserting before the flood
QUIET = 3               # seconds without a new attempt after which none is expected


class Attempts(Section):
    """INSERTs while DELETEs are refused, on a server that preloads the library."""

    name = "guards"
    heading = "Refused DELETEs"
    unit = "transactions/s"
    baselines = ((NONE, f"to {NONE}"), (POSTGRES, "to PostgreSQL's"))
    default = False

    def prepare(self):
        server.restart(preload=LIBRARY)
        server.psql("DROP ROLE IF EXISTS bench_app; CREATE ROLE bench_app LOGIN;"
                    "CREATE TABLE bench_refused_plain (id int) USING heap;"
                    "CREATE TABLE bench_refused_ours (id int) USING audit_immutable;"
                    "INSERT INTO bench_refused_plain VALUES (1); INSERT INTO bench_refused_ours VALUES (1);"
                    "GRANT SELECT ON bench_refused_plain TO bench_app;"
                    "GRANT SELECT, DELETE ON bench_refused_ours TO bench_app;")
        self.remembers = bool(server.psql("SELECT to_regclass('audit_immutable.attempt');"))
        if not self.remembers:
            progress("there is no audit_immutable.attempt: attempts are not counted")
        self.tallies = []
        self.refused = Figures("DELETEs/s", ((POSTGRES, "to PostgreSQL's"),))

    @property
    def note(self):
        """How it was sent."""
        text = (f"On a server that preloads the library, {WRITERS} clients insert typical rows, one a transaction, while "
                f"{Flood.SESSIONS} sessions of psql send {self.sizes.refusals:,} DELETEs as fast as they are refused: of an audit table, "
                "or of a plain table for lack of the privilege. \"During\" counts the INSERTs that ended while the DELETEs came, "
                f"\"overall\" those of {self._seconds()} s, in which all DELETEs, and the recording of attempts, weigh on them.")
        if not self.remembers:
            return text + " This version has no audit_immutable.attempt: attempts were not counted."
        return text + (" Every refused attempt was accounted for in audit_immutable.attempt or attempts_dropped(); recorded and dropped, "
                       f"flood by flood: {', '.join(self.tallies)}.")

    def _seconds(self):
        """How long to insert: longer than the flood should take."""
        return max(2, self.sizes.refusals // 1000)

    def round(self):
        for peer in ("plain", "ours"):
            for title, target in ((NONE, None), (POSTGRES, "bench_refused_plain"), (OURS, "bench_refused_ours")):
                progress(f"INSERT into {tables.TITLES[peer]}, {title}")
                self._measure(peer, title, target)

    def _measure(self, peer, title, target):
        before = self._tally()
        tables.fresh(peer, tables.TYPICAL)
        prefix = self.scratch / "inserts"
        script = "\\set id random(1, 1000000000)\n" + tables.insert(peer, tables.TYPICAL)
        process = server.pgbench_start(["-T", self._seconds(), "-l", f"--log-prefix={prefix}"], WRITERS, script)
        time.sleep(LEAD)
        begin = time.time()
        if target:
            flood = Flood(self.scratch, target, self.sizes.refusals)
            end, rate = flood.run()
            self.refused.add(f"during INSERT into {tables.TITLES[peer]}", title, rate)
        load = server.pgbench_finish(process)
        ended = sorted(self._ends(prefix))
        end = min(end, ended[-1]) if target else ended[-1]
        what = f"INSERT into {tables.TITLES[peer]}"
        self.figures.add(f"{what}, overall", title, load.tps)
        self.figures.add(f"{what}, during", title, sum(begin <= at <= end for at in ended) / (end - begin))
        tables.check(peer, load.transactions)
        tables.drop(peer)
        self._account(before, self.sizes.refusals if title == OURS else 0)

    @staticmethod
    def _ends(prefix):
        """When each transaction ended, from pgbench's logs, which are removed."""
        for path in prefix.parent.glob(f"{prefix.name}.*"):
            for line in path.read_text().splitlines():
                fields = line.split()
                yield int(fields[4]) + int(fields[5]) / 1e6
            path.unlink()

    def _tally(self):
        if not self.remembers:
            return (0, 0)
        tally = server.psql("SELECT count(*), audit_immutable.attempts_dropped() FROM audit_immutable.attempt;")
        return tuple(map(int, tally.split("|")))

    def _account(self, before, expected):
        """Waits until the attempts are recorded; none may be missing, and none too many."""
        if not self.remembers:
            return
        now, changed = self._tally(), time.monotonic()
        while sum(now) - sum(before) < expected and time.monotonic() - changed < QUIET:
            time.sleep(0.1)
            last, now = now, self._tally()
            if now != last:
                changed = time.monotonic()
        recorded, dropped = now[0] - before[0], now[1] - before[1]
        if recorded + dropped != expected:
            server.fail(f"{expected} refused attempts, but {recorded} are recorded and {dropped} dropped")
        if expected:
            self.tallies.append(f"{recorded:,} + {dropped:,}")

    def body(self):
        return f"{super().body()}\n\n{self.refused.table()}"

    def finish(self):
        if self.remembers and server.psql("SELECT intact FROM audit_immutable.verify('audit_immutable.attempt');") != "t":
            server.fail("audit_immutable.attempt does not verify")
        server.psql("SELECT audit_immutable.retire('bench_refused_ours', 'made for a benchmark');"
                    "DROP TABLE bench_refused_plain, bench_refused_ours; DROP ROLE bench_app;")
        server.restart()
