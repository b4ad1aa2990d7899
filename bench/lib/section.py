"""What a section of the benchmark is, and the sizes that all sections go by."""
import sys
import time
from dataclasses import dataclass

from .figures import Figures
from .tables import BASELINES

_started = time.monotonic()


def progress(text):
    """Says on standard error what is going on."""
    print(f"bench: {time.monotonic() - _started:5.0f} s  {text}", file=sys.stderr, flush=True)


@dataclass
class Sizes:
    """How much of everything."""
    rounds: int = 5
    seconds: int = 2
    rows: int = 1_000_000               # of a COPY, and of the table that is verified
    statement_rows: int = 100_000       # of an INSERT ... SELECT
    memory_rows: tuple = (1_000_000, 20_000_000)
    checkpoint_rows: int = 10_000_000
    refusals: int = 10_000
    tpcb_scale: int = 10
    transactions: int | None = None     # ends a run of pgbench instead of the seconds

    @classmethod
    def quick(cls):
        """Enough to see that everything works."""
        return cls(rounds=1, seconds=1, rows=20_000, statement_rows=5_000, memory_rows=(64_000, 128_000), checkpoint_rows=50_000,
                   refusals=800, tpcb_scale=1, transactions=800)

    def load(self, clients, share=1):
        """The arguments of pgbench that end a run; share: the part of the transactions, if they are counted."""
        if self.transactions is None:
            return ["-T", self.seconds]
        return ["-t", max(1, int(self.transactions * share) // clients)]


class Section:
    """Measurements that belong together. Rounds are repeated; prepare and finish are not."""

    name = ""               # for --only
    heading = ""
    note = ""               # Markdown: what is measured
    unit = "rows/s"
    baselines = BASELINES
    default = True          # runs without being named
    once = False            # its figures are sizes: one round says all
    most_rounds = None      # nobody aims at its figures: so many rounds are enough

    def __init__(self, sizes, scratch):
        self.sizes = sizes
        self.scratch = scratch
        self.figures = Figures(self.unit, self.baselines)

    @property
    def rounds(self):
        """How often it is measured."""
        return 1 if self.once else min(self.sizes.rounds, self.most_rounds or self.sizes.rounds)

    def prepare(self):
        """Before the rounds."""

    def round(self):
        """Measures everything, in turns."""
        raise NotImplementedError

    def finish(self):
        """After the rounds: leaves nothing behind."""

    def body(self):
        """The results in Markdown."""
        return self.figures.table()
