"""The command line: which sections, in which sizes, and what becomes of the results."""
import argparse
import dataclasses
import pathlib
import tempfile

from . import attempts, bulk, checkpoints, insert, instructions, machine, memory, preload, report, server, storage, tables, targets, verify
from .section import Sizes, progress

SECTIONS = (insert.Insert, insert.Preloaded, insert.Shapes, insert.Thinking, insert.Delay, bulk.Bulk, bulk.Copy,
            instructions.Instructions, storage.Storage, verify.Verify, memory.Memory, checkpoints.Checkpoints,
            preload.Preload, attempts.Attempts)
NAMES = tuple(dict.fromkeys(section.name for section in SECTIONS))


def main(description):
    """Runs what the command line asks for."""
    options = _options(description)
    sizes = Sizes.quick() if options.quick else Sizes()
    given = {name: value for name in ("rounds", "seconds", "rows") if (value := getattr(options, name)) is not None}
    sizes = dataclasses.replace(sizes, **given)
    chosen = [section for section in SECTIONS
              if (section.name in options.only if options.only else section.default or options.quick)]

    server.psql("CREATE EXTENSION IF NOT EXISTS audit_immutable;")
    described = machine.describe()
    print(report.head_text(described), flush=True)
    texts = {}
    with tempfile.TemporaryDirectory(prefix="audit_bench") as scratch:
        scratch = pathlib.Path(scratch)
        _warm_up(sizes)
        for kind in chosen:
            section = kind(sizes, scratch)
            _run(section)
            texts[section.heading] = report.section_text(section)
            print(texts[section.heading], flush=True)
            if options.write and isinstance(section, insert.Insert):
                report.CHART.write_text(section.chart(), encoding="utf-8")
    print(targets.section_text(texts), flush=True)
    if options.write:
        gone = report.write(described, texts, [section.heading for section in SECTIONS])
        progress("results are in bench/RESULTS.md" + (f"; removed, for they do not go with this machine: {', '.join(gone)}" if gone else ""))
    progress("done")


def _options(description):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = [name for name in NAMES if any(s.name == name and s.default for s in SECTIONS)]
    parser.add_argument("--only", metavar="SECTION,...", type=lambda text: text.split(","),
                        help=f"of {', '.join(NAMES)}; without it {', '.join(default)}, with --quick all")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seconds", type=int, help="of each run of pgbench")
    parser.add_argument("--rows", type=int, help="of each COPY, and of the table that is verified")
    parser.add_argument("--quick", action="store_true", help="one round with few rows: does it work at all?")
    parser.add_argument("--write", action="store_true",
                        help="put the results into bench/RESULTS.md, and the chart into docs/throughput.svg")
    options = parser.parse_args()
    if any(value is not None and value < 1 for value in (options.rounds, options.seconds, options.rows)):
        parser.error("there has to be at least one")
    for name in options.only or ():
        if name not in NAMES:
            parser.error(f"there is no section {name}; there are {', '.join(NAMES)}")
    return options


def _warm_up(sizes):
    """The first to write would pay for new WAL files."""
    progress("warming up")
    for peer in ("plain", "same_width"):
        tables.fresh(peer, tables.TYPICAL)
        server.psql(tables.insert_select(peer, tables.TYPICAL, sizes.rows))
        tables.drop(peer)


def _run(section):
    section.prepare()
    for number in range(1, section.rounds + 1):
        progress(f"{section.heading}: round {number} of {section.rounds}")
        section.round()
    section.finish()
