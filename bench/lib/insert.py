"""Single-row INSERT, one a transaction or ten, by pgbench with prepared statements."""
from . import chart, server, tables
from .preload import LIBRARY
from .section import Section, progress

ID = "\\set id random(1, 1000000000)\n"
# Ten rows a transaction, with the transaction idle in the middle.
THINKING_ROWS = 10
THINK = "\\sleep 5 ms\n"


def clients_word(clients):
    """1 client, 2 clients."""
    return f"{clients} client{'s' if clients > 1 else ''}"


class PgbenchSection(Section):
    """Each peer by pgbench, on a fresh table, with all rows checked afterwards."""

    unit = "transactions/s"

    def measure(self, what, shape, clients, *, peers=tables.FEW, thinking=False, settings="", share=1):
        """The peers in turn; yields each one's name and transactions a second."""
        progress(what)
        for peer in peers:
            insert = tables.insert(peer, shape)
            script = ID + insert
            if thinking:
                half = insert * (THINKING_ROWS // 2)
                script = f"{ID}BEGIN;\n{half}{THINK}{half}END;\n"
            tables.fresh(peer, shape)
            load = server.pgbench(self.sizes.load(clients, share), clients, script, settings)
            tables.check(peer, load.transactions * (THINKING_ROWS if thinking else 1))
            tables.drop(peer)
            self.figures.add(what, tables.TITLES[peer], load.tps)
            yield peer, load.tps


class Insert(PgbenchSection):
    """Typical rows, by the number of clients."""

    name = "insert"
    heading = "Single-row INSERT"
    note = ("One typical row (8 columns, one of them jsonb) a transaction. With fsync off a commit waits for no disk: "
            "what is left is processor time.")
    CLIENTS = (1, 16, 64)

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.curves = {}        # peer: clients: a figure of each round

    def round(self):
        for clients in self.CLIENTS:
            for peer, tps in self.measure(f"{clients_word(clients)}, fsync on", tables.TYPICAL, clients,
                                          peers=tables.PEERS):
                self.curves.setdefault(peer, {}).setdefault(clients, []).append(tps)
        with server.setting("fsync", "off"):
            for _ in self.measure("1 client, fsync off", tables.TYPICAL, 1):
                pass

    def body(self):
        return super().body() + "\n\n![transactions a second by clients](../docs/throughput.svg)"

    def chart(self):
        """The figures of this run as a drawing."""
        shown = ("plain", "ours", "strict", "plpgsql")
        return chart.draw({tables.TITLES[peer]: self.curves[peer] for peer in shown})


class Preloaded(PgbenchSection):
    """Typical rows on a server that preloads the library, and so knows the chains' heads without the index."""

    name = "insert"
    heading = "Single-row INSERT, preloaded"
    note = ("The same with audit_immutable in shared_preload_libraries: the heads of the chains are in shared memory, and the hooks "
            "look at every statement of the other tables too.")

    def prepare(self):
        server.restart(preload=LIBRARY)

    def round(self):
        for clients in (1, 16, 64):
            for _ in self.measure(f"{clients_word(clients)}, fsync on", tables.TYPICAL, clients):
                pass

    def finish(self):
        server.restart()


class Shapes(PgbenchSection):
    """Narrow and wide rows; the typical ones are in the section above."""

    name = "shapes"
    heading = "Rows of other widths"
    most_rounds = 3
    note = ("One row a transaction: narrow (3 columns) and wide (40 columns, 4 kB, stored as they are); "
            "the typical row is above.")

    def round(self):
        for name in ("narrow", "wide"):
            for clients in (1, 16):
                for _ in self.measure(f"{name}, {clients_word(clients)}", tables.SHAPES[name], clients):
                    pass


class Thinking(PgbenchSection):
    """Transactions that are idle for a while."""

    name = "thinking"
    heading = "Idle in transaction"
    most_rounds = 3
    note = "Transactions of 10 INSERTs that are idle for 5 ms after the fifth, as an application is that computes meanwhile."

    def round(self):
        for _ in self.measure("10 rows, 5 ms idle, 32 clients", tables.TYPICAL, 32, peers=tables.PEERS,
                              thinking=True, share=0.2):
            pass


class Delay(PgbenchSection):
    """Commits that take long."""

    name = "delay"
    heading = "Slow commits"
    most_rounds = 3
    note = ("One typical row a transaction, with commit_delay = 2000 and commit_siblings = 0: every flush of the WAL waits for "
            "2 ms first. It was chosen over a synchronous standby because the wait is where a slow disk's would be, "
            "has the same length for all, and takes no processor time from the peers. Transactions that do not wait for each "
            "other share a flush; a single chain's lock is held over it.")

    def round(self):
        for _ in self.measure("16 clients, 2 ms a flush", tables.TYPICAL, 16, peers=tables.PEERS, share=0.3,
                              settings="-c commit_delay=2000 -c commit_siblings=0"):
            pass
