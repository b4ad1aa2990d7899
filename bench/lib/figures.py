"""Figures of measurements, round by round, and the tables made of them."""
import statistics


def grid(head, rows, left=2):
    """A table in Markdown, whose first columns are aligned to the left."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]

    def line(cells):
        return "| " + " | ".join(c.ljust(w) if i < left else c.rjust(w)
                                 for i, (c, w) in enumerate(zip(cells, widths))) + " |"
    rule = "|" + "|".join("-" * (w + 2) if i < left else "-" * (w + 1) + ":" for i, w in enumerate(widths)) + "|"
    return "\n".join([line(head), rule, *map(line, rows)])


def number(value):
    """Large numbers without decimals, small ones with two."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def spread(figures):
    """The lowest and the highest."""
    return f"{number(min(figures))} - {number(max(figures))}"


class Figures:
    """What was measured, of which peer, in each round.

    baselines: (peer, head of the column) pairs; the other peers' ratios to them are taken within a round.
    """

    def __init__(self, unit, baselines=()):
        self.unit = unit
        self.baselines = baselines
        self.rounds = {}

    def add(self, what, peer, figure):
        """Another round's figure."""
        self.rounds.setdefault(what, {}).setdefault(peer, []).append(figure)

    def table(self, scale=None, scaled_unit=None):
        """Medians, spreads and ratios. With scale (by peer), a column of the medians in another unit."""
        used = [(peer, head) for peer, head in self.baselines if any(peer in peers for peers in self.rounds.values())]
        head = ["what", "of", self.unit, "lowest - highest", *([scaled_unit] if scale else [])]
        for _, title in used:
            head += [title, "lowest - highest"]
        rows = []
        for what, peers in self.rounds.items():
            for peer, figures in peers.items():
                median = statistics.median(figures)
                row = [what, peer, number(median), spread(figures)]
                if scale:
                    row.append(number(median * scale[peer]))
                row += self._ratios(peers, peer, [baseline for baseline, _ in used])
                rows.append(row)
        return grid(head, rows)

    @staticmethod
    def _ratios(peers, peer, baselines):
        cells, compares = [], True
        for baseline in baselines:
            compares = compares and peer != baseline        # a baseline only to those named before it
            if compares and baseline in peers:
                ratios = [a / b for a, b in zip(peers[peer], peers[baseline])]
                cells += [f"{statistics.median(ratios):.2f}", f"{min(ratios):.2f} - {max(ratios):.2f}"]
            else:
                cells += ["", ""]
        return cells
