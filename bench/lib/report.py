"""bench/RESULTS.md: what was measured now, and of what was measured before, what still holds."""
import datetime
import pathlib
import re

from . import targets

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
RESULTS = ROOT / "bench" / "RESULTS.md"
CHART = ROOT / "docs" / "throughput.svg"

INTRODUCTION = (
    "Written by `make bench`. Each measurement is taken in turns, round by round; the median, and the lowest and highest "
    "round. Ratios are taken within a round. \"plain, same width\" has five constant columns, as many bytes as the stamps of "
    "ours, and a unique index over two of them; \"no index\" has the columns alone. All rows of each run were counted, and "
    "those of the chains verified.")


def section_text(section):
    """A section's heading, how it was measured, and its results."""
    sizes = section.sizes
    if sizes.transactions is not None:
        how = "in quick mode, whose figures say nothing"
    elif section.once:
        how = "once"
    else:
        how = f"{section.rounds} round{'s' if section.rounds > 1 else ''}, {sizes.seconds} s a run of pgbench"
    return f"## {section.heading}\n\n{section.note} Measured {datetime.date.today()}, {how}.\n\n{section.body()}\n"


def head_text(machine):
    """The beginning, up to the first section."""
    return "\n".join(["# What it costs", "", INTRODUCTION, "", *(f"- {line}" for line in machine), ""])


def write(machine, texts, order):
    """Puts the sections' texts (by heading) into the file, in the order of headings given.

    Sections that were not measured now stay as they are if the file's machine is this one; else they go. The targets
    come first, beside what the file has. Answers the headings of those that went.
    """
    head = head_text(machine)
    kept, gone = {}, []
    if RESULTS.exists():
        before, *sections = re.split(r"^(?=## )", RESULTS.read_text(encoding="utf-8"), flags=re.M)
        sections = {text.splitlines()[0][3:]: text.rstrip() + "\n" for text in sections}
        sections.pop(targets.HEADING, None)
        if before.strip() == head.strip():
            kept = sections
        gone = [heading for heading in sections if heading not in order or heading not in {**kept, **texts}]
    kept.update(texts)
    parts = [head, targets.section_text(kept), *(kept[heading] for heading in order if heading in kept)]
    RESULTS.write_text("\n".join(parts), encoding="utf-8")
    return gone
