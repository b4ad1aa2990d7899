#!/usr/bin/env python3
"""Check an export file of audit_immutable against FORMAT.md. Exit status 0: good, 1: bad, 2: could not be read."""
import argparse, hashlib, itertools, json, re, sys  # noqa: E401
ROW = re.compile(rb'\{"chain":([1-9]\d{0,9}),"seq":([1-9]\d{0,18}),"prev":"([0-9a-f]{64})","at":"[^"\\]+",'
                 rb'"session":(?:0|-?[1-9]\d*),"row":\{.*\}\}')
OPENING = re.compile(rb'\{"audit_immutable":1,"log":"([0-9a-f-]{36})","table":"((?:[^"\\]|\\.)*)","columns":\[.*\],'
                     rb'(?:"chains":[1-9]\d*,)?"opened":"[^"\\]+","by":"(?:[^"\\]|\\.)*"\}')
class Bad(Exception): """The file is refused; the text says which line and why."""
class Line:  # its number, hash and, of a row, chain, seq and prev; chain 0 is an opening line
    def __init__(self, number, raw):
        text = raw[:-1] if raw.endswith(b"\n") else raw
        self.number, self.hash, self.chain, self.seq = number, hashlib.sha256(text).hexdigest(), 0, 0
        if b"\r" in text: raise Bad(f"line {number} holds a CR: changed, or were the line ends converted to CRLF?")
        try: json.loads(text.decode(), parse_int=str)
        except RecursionError: pass  # nested deeper than Python reads; the shape is still checked
        except ValueError as e: raise Bad(f"line {number} is not JSON in UTF-8: {getattr(e, 'msg', e)}")
        row, opening = ROW.fullmatch(text), OPENING.fullmatch(text)
        version = re.match(rb'\{"audit_immutable":(\d+)', text)
        if row: self.chain, self.seq, self.prev = int(row[1]), int(row[2]), row[3].decode()
        elif opening: self.log, self.table = opening[1].decode(), opening[2].decode()
        elif not version or version[1] == b"1": raise Bad(f"line {number} looks like neither a row nor an opening line")
        else: raise Bad(f"line {number} has format version {version[1].decode()}; only version 1 is known here")
    def __str__(self):
        return f"line {self.number} " + (f"(chain {self.chain}, seq {self.seq})" if self.chain else "(opening line)")

def blame(last, line, after, heads, ends):  # line.prev is not last.hash: what comes later tells which was changed
    what = f"{line} has as hash of {last} {line.prev}, but it is {last.hash}. "
    if not last.chain and min(ends) < line.chain: raise Bad(f"{what}Other chains agree with {last}, so {line} is wrong")
    known = heads.get((line.chain, line.seq))
    if not known and after and (after.chain, after.seq) == (line.chain, line.seq + 1): known = after.prev
    other = "" if last.chain else f", or chain {line.chain} belongs to another log"
    if not known: raise Bad(f"{what}One of the two was changed{other}; nothing after them tells which")
    if known == line.hash: raise Bad(f"{what}What comes later vouches for {line}, so {last} was changed{other}")
    raise Bad(f"{what}What comes later contradicts {line} too: it was changed, or both its neighbours were")

def predecessor(last, line, opening):  # the line that line.prev must name
    if (line.chain, line.seq) == (last.chain, last.seq + 1): return last
    if line.chain > last.chain and line.seq == 1: return opening
    if last.chain and line.prev == last.hash:
        raise Bad(f"{line} names {last} as the one before it: its number was changed, it must be seq {last.seq + 1}")
    if (line.chain, line.seq) <= (last.chain, last.seq): raise Bad(f"{line} after {last}: duplicate or out of order")
    due = last.seq + 1 if line.chain == last.chain else 1
    raise Bad(f"{line} after {last}: of chain {line.chain}, seq {due} to {line.seq - 1} are missing")

def check(stream, heads):  # yields what to print; keeps two lines and the heads, no more
    last, opening, suspect, logs, ends, rows = None, None, None, set(), {}, 0
    for number, raw in enumerate(itertools.chain(stream, [b""]), 1):  # b"" is the end
        try: line = Line(number, raw) if raw else None
        except Bad:
            if suspect: blame(*suspect, None, heads, ends)
            raise
        if suspect: blame(*suspect, line, heads, ends)
        if not opening and (not line or line.chain): raise Bad(f"line {number}: a file must begin with an opening line")
        if line and line.chain:
            named = predecessor(last, line, opening)
            if line.prev != named.hash: suspect = (named, line)
            elif heads.get((line.chain, line.seq), line.hash) != line.hash:
                raise Bad(f"{line} has the hash {line.hash}, but --head says {heads[line.chain, line.seq]}")
            last, ends[line.chain], rows = line, (line.seq, line.hash), rows + 1
            continue
        if opening:  # the end of a log
            cut = [f"chain {c} has no seq {n}" for c, n in sorted(heads) if n > ends.get(c, (0,))[0]]
            if cut: raise Bad(f"{cut[0]}, which --head has: rows were cut off, or this is older than that head")
            yield f"log {opening.log} {opening.table}: good, {rows} rows, {len(ends)} chain{'s' * (len(ends) != 1)}"
            vouched = {c: f"vouched for by --head up to seq {n}" for c, n in sorted(heads)}
            for chain, (seq, digest) in ends.items():
                yield f"head {chain}:{seq}:{digest} " + vouched.get(chain, "not vouched for: no --head of this chain")
        if line and line.log in logs: raise Bad(f"{line}: this log was here before")
        if line and heads and logs: raise Bad(f"{line} begins a second log; --head is for a file of one log")
        if line: last, opening, rows, ends, logs = line, line, 0, {}, logs | {line.log}
parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("file", nargs="?", default="/dev/stdin")
parser.add_argument("--head", action="append", default=[], metavar="CHAIN:SEQ:HASH", help="a head obtained elsewhere")
args = parser.parse_args()
heads = [re.fullmatch(r"(\d+):(\d+):([0-9a-f]{64})", h) or parser.error("not CHAIN:SEQ:HASH: " + h) for h in args.head]
try:
    with open(args.file, "rb") as export:
        for result in check(export, {(int(h[1]), int(h[2])): h[3] for h in heads}): print(result)
except Bad as bad: sys.exit(print("BAD:", bad) or 1)
except OSError as e: sys.exit(print(f"verify.py: {e}", file=sys.stderr) or 2)
