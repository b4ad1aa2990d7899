"""Bytes a row."""
from . import server, tables
from .figures import grid
from .section import Section, progress

PEERS = ("plain", "ours", "plpgsql", "same_width")
WRITERS = 16


class Storage(Section):
    """What is on disk for each row, in the heap and in the index of the chains."""

    name = "storage"
    heading = "Storage"
    note = (f"Bytes a row, after VACUUM: rows of one INSERT ... SELECT, and typical rows of {WRITERS} clients at once, "
            "whose chains share the index. A strict chain takes as much as one chain.")
    once = True

    def prepare(self):
        self.lines = []

    def round(self):
        rows = self.sizes.statement_rows
        each = rows // WRITERS
        script = "\\set id random(1, 1000000000)\n"
        with server.setting("fsync", "off"):        # it changes no size
            for name, shape in tables.SHAPES.items():
                self._compare(f"{name}, 1 writer", shape,
                              lambda peer, shape=shape: server.psql(tables.insert_select(peer, shape, rows)), rows)
            self._compare(f"typical, {WRITERS} writers", tables.TYPICAL,
                          lambda peer: server.pgbench(["-t", each], WRITERS, script + tables.insert(peer, tables.TYPICAL)),
                          each * WRITERS)

    def _compare(self, what, shape, write, rows):
        progress(f"storage: {what}")
        plain = None
        for peer in PEERS:
            tables.fresh(peer, shape)
            write(peer)
            tables.check(peer, rows)
            server.psql(f"VACUUM {tables.table(peer)};")
            sizes = server.psql(f"SELECT pg_table_size('{tables.table(peer)}'), pg_indexes_size('{tables.table(peer)}');")
            tables.drop(peer)
            heap, index = (int(size) / rows for size in sizes.split("|"))
            plain = plain or heap
            self.lines.append([what, tables.TITLES[peer], f"{heap:.1f}", f"{index:.1f}",
                               "" if peer == "plain" else f"{heap - plain:+.1f}",
                               "" if peer == "plain" else f"{(heap + index) / plain:.2f}"])

    def body(self):
        return grid(["row", "table", "heap", "index", "heap, to plain", "all, to plain"], self.lines)
