"""Reading it all back: verify, beside what PostgreSQL's own scans cost."""
from . import server, tables
from .section import Section, progress

COUNT, TEXT, OURS, LOOP = "count(*)", "sum(length(t::text))", "audit_immutable.verify", "PL/pgSQL loop"
QUERIES = {     # each answers the number of rows, and whether they are in order
    COUNT: "SELECT count(*), true FROM bench_ours;",
    TEXT: "SELECT count(*), sum(length(t::text)) > 0 FROM bench_ours AS t;",
    OURS: "SELECT rows, intact FROM audit_immutable.verify('bench_ours');",
    LOOP: "SELECT bench_plpgsql_verify(), true;",
}


class Verify(Section):
    """verify, cold and warm, by the number of parallel workers."""

    name = "verify"
    heading = "verify"
    baselines = ((COUNT, "to count(*)"), (TEXT, "to sum(length(t::text))"))

    def prepare(self):
        progress("loading the tables to verify")
        file = self.scratch / "verify.csv"
        tables.write_rows(file, self.sizes.rows)
        for peer in ("ours", "plpgsql"):
            tables.fresh(peer, tables.TYPICAL)
            tables.copy(peer, file)
            server.psql(f"VACUUM (ANALYZE) {tables.table(peer)};")
        file.unlink()
        ours, plpgsql = (int(server.psql(f"SELECT pg_relation_size('{tables.table(peer)}');"))
                         for peer in ("ours", "plpgsql"))
        self.megabytes = {kind: (plpgsql if kind == LOOP else ours) / self.sizes.rows / 1e6 for kind in QUERIES}
        self.is_cold = True

    def round(self):
        for workers in (0, 1):
            of_workers = f"{workers} worker{'' if workers == 1 else 's'}"
            progress(f"verify with {of_workers}")
            for kind in QUERIES:
                if kind in (TEXT, LOOP) and workers:
                    continue        # a loop has one process, and one tells what text costs
                self.is_cold &= server.restart(cold=True)
                for state in ("cold", "warm"):
                    self.figures.add(f"{state}, {of_workers}", kind, self._rate(kind, workers))

    def _rate(self, kind, workers):
        answer, took = server.psql(QUERIES[kind], before=f"SET max_parallel_workers_per_gather = {workers};")
        if answer != f"{self.sizes.rows}|t":
            server.fail(f"{kind} says {answer}")
        return self.sizes.rows / took

    def finish(self):
        for peer in ("ours", "plpgsql"):
            tables.drop(peer)

    @property
    def note(self):
        """What cold means depends on what the system allowed."""
        cold = ("the server was restarted and its files dropped from the system's page cache (the storage below may have its own)"
                if self.is_cold else "the server was restarted; its files may have stayed in the page cache")
        return (f"{self.sizes.rows:,} typical rows, MB of the table's heap. Cold: {cold}. Warm: the same again. "
                "A worker checks rows beside the backend that asked: one makes two processes.")

    def body(self):
        return self.figures.table(self.megabytes, "MB/s")
