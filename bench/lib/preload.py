"""What those pay who have no audit table: a server that preloads the library, against one that does not."""
from . import server
from .section import Section, progress

LIBRARY = "audit_immutable"
WITHOUT, AGAIN, WITH = "not preloaded", "not preloaded, again", "preloaded"


class Preload(Section):
    """pgbench's own workloads, with the server restarted in between."""

    name = "guards"
    heading = "Preloaded, without audit tables"
    note = ("pgbench's TPC-B-like and select-only workloads on its own tables, with audit_immutable in shared_preload_libraries "
            "and without. The server is restarted before each run. \"again\" is the same without it once more: what the "
            "measurement itself varies by.")
    unit = "transactions/s"
    baselines = ((WITHOUT, f"to {WITHOUT}"),)
    default = False
    RUNS = ((WITHOUT, None), (WITH, LIBRARY), (AGAIN, None))

    def prepare(self):
        progress(f"pgbench -i, scale {self.sizes.tpcb_scale}")
        server.pgbench_init(self.sizes.tpcb_scale)
        server.psql("CREATE EXTENSION IF NOT EXISTS pg_prewarm;")

    def round(self):
        for builtin in ("tpcb-like", "select-only"):
            for clients in (1, 8):
                what = f"{builtin}, {clients} client{'s' if clients > 1 else ''}"
                progress(what)
                for title, library in self.RUNS:
                    server.restart(preload=library)
                    server.psql("SELECT pg_prewarm(c.oid) FROM pg_class AS c WHERE relname ~ '^pgbench' AND relkind IN ('r', 'i');")
                    server.psql("CHECKPOINT;")
                    load = server.pgbench(["-b", builtin, "-M", "prepared", *self.sizes.load(clients)], clients)
                    self.figures.add(what, title, load.tps)

    def finish(self):
        server.restart()
        server.psql("DROP TABLE pgbench_accounts, pgbench_branches, pgbench_history, pgbench_tellers;")
