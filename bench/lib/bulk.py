"""Many rows at once: INSERT ... SELECT, VALUES of many rows, COPY."""
from . import server, tables
from .section import Section, progress

VALUES_ROWS = 100


class Bulk(Section):
    """Statements of many rows."""

    name = "bulk"
    heading = "INSERT of many rows"
    note = f"Typical rows by one client: one INSERT ... SELECT, and INSERTs of {VALUES_ROWS} rows of VALUES, one a transaction."

    def round(self):
        rows = self.sizes.statement_rows
        what = f"INSERT ... SELECT of {rows:,} rows"
        progress(what)
        for peer in tables.PEERS:
            tables.fresh(peer, tables.TYPICAL)
            _, took = server.psql(tables.insert_select(peer, tables.TYPICAL, rows), before="")
            tables.check(peer, rows)
            tables.drop(peer)
            self.figures.add(what, tables.TITLES[peer], rows / took)
        what = f"VALUES of {VALUES_ROWS} rows"
        progress(what)
        for peer in tables.FEW:
            tables.fresh(peer, tables.TYPICAL)
            script = tables.insert(peer, tables.TYPICAL, range(VALUES_ROWS))
            load = server.pgbench(self.sizes.load(1, share=0.1), 1, script)
            tables.check(peer, load.transactions * VALUES_ROWS)
            tables.drop(peer)
            self.figures.add(what, tables.TITLES[peer], load.tps * VALUES_ROWS)


class Copy(Section):
    """COPY from a file."""

    name = "copy"
    heading = "COPY"
    note = "Typical rows from a file of the client, in one transaction."

    def prepare(self):
        self.file = self.scratch / "rows.csv"
        tables.write_rows(self.file, self.sizes.rows)

    def round(self):
        rows = self.sizes.rows
        what = f"{rows:,} rows"
        progress(f"COPY of {what}")
        for peer in (*tables.FEW, "plpgsql"):
            tables.fresh(peer, tables.TYPICAL)
            took = tables.copy(peer, self.file)
            tables.check(peer, rows)
            tables.drop(peer)
            self.figures.add(what, tables.TITLES[peer], rows / took)
