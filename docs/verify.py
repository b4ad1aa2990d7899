#!/usr/bin/env python3
"""Check an export file of audit_immutable against FORMAT.md. Exit status 0: good, 1: refused, 2: could not be read."""
import argparse
import collections
import functools
import hashlib
import json
import re
import sys


class Bad(Exception):
    """The file is refused; the text says which line and why."""


class OtherVersion(Bad):
    """Of the line nothing is known but its version."""


# --- The shapes of lines ------------------------------------------------------------------------------------------

def several(item):
    return f"{item}(?:,{item})*"


HEX = "[0-9a-f]{64}"
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
NUMBER = "[1-9][0-9]{0,18}"
TIME = ('"(?P<date>(?:[0-9]{4}|[1-9][0-9]{4,5})-[0-9]{2}-[0-9]{2})T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]'
        r'(?:\.[0-9]{0,5}[1-9])?\+00:00(?P<bc> BC)?"')
# Nothing is escaped that need not be. Strings in `row` and in disclosed values are any JSON.
STRING = r'"[^"\\\x00-\x1f]*(?:\\(?:["\\bfnrt]|u00(?:0[0-7bef]|1[0-9a-f]))[^"\\\x00-\x1f]*)*"'
COLUMN = rf'\[{STRING},{STRING}(?:,"committed")?\]'
COLUMNS = rf'"columns":\[(?:{several(COLUMN)})?\],'
COMMITMENT = f'{STRING}:"{HEX}"'
COMMITTED = rf'"committed":\{{(?P<committed>{several(COMMITMENT)})\}},'
HEAD = rf'\[{NUMBER},{NUMBER},"{HEX}"\]'
HEADS = rf'"heads":\[(?P<heads>{several(HEAD)})\],'
PLACE = rf'\{{"chain":(?P<chain>{NUMBER}),"seq":(?P<seq>{NUMBER}),'
PREV = rf'"prev":"(?P<prev>{HEX})",'
EVENT = rf'"event":"(?P<event>{HEX})"\}}'

VERSION = re.compile(rb'\{"audit_immutable":(0|[1-9][0-9]*)[,}]')
OPENING = re.compile(rf'\{{"audit_immutable":1,"database":"(?P<database>{UUID})","log":"(?P<log>{UUID})","table":(?P<table>{STRING}),'
                     rf'{COLUMNS}(?:"chains":(?P<chains>{NUMBER}),)?"opened":{TIME},"by":{STRING}\}}')
PROVENANCE = re.compile(rf'\{{"provenance":"(?P<how>restored|imported)","log":"(?P<log>{UUID})","database":"(?P<database>{UUID})",'
                        rf'"at":{TIME},"by":{STRING},{HEADS}{EVENT}')
ROW = re.compile(rf'{PLACE}{PREV}"at":{TIME},"session":(?P<session>0|{NUMBER}),(?:{COLUMNS})?(?:{COMMITTED})?"row":(?=\{{)')
GAP = re.compile(rf'{PLACE}{PREV}"gap":"(?P<gap>purged|damaged)","last":(?P<last>{NUMBER}),"hash":"(?P<hash>{HEX})",'
                 rf'"count":(?P<count>{NUMBER}),{EVENT}')
DISCLOSURE = re.compile(rf'{PLACE}"disclosed":\{{')

Opening = collections.namedtuple("Opening", "number hash database log table")
Provenance = collections.namedtuple("Provenance", "number how log database heads event")
Link = collections.namedtuple("Link", "number chain seq prev last hash committed gap event")  # a row; or a gap, up to seq `last`
Disclosure = collections.namedtuple("Disclosure", "number chain seq commitments")


def name(line):
    if isinstance(line, Opening):
        return f"line {line.number} (opening line)"
    to = f" to {line.last}" if isinstance(line, Link) and line.gap else ""
    return f"line {line.number} (chain {line.chain}, seq {line.seq}{to})"


def parse(number, line):
    """The line, whose LF has been taken off, as one of the four above."""
    version = VERSION.match(line)
    if version and version[1] != b"1":
        raise OtherVersion(f"line {number} has format version {version[1].decode()}; only version 1 is known here")
    if b"\r" in line:
        raise Bad(f"line {number} holds a CR: changed, or were the line ends converted to CRLF?")
    try:
        text = line.decode()
        parsed = shape(number, line, text)
        if not parsed and value_end(text, 0) < len(text):
            raise ValueError("something follows its end")
    except ValueError as error:  # also of the decoding
        raise Bad(f"line {number} is not JSON in UTF-8: {error}") from None
    if not parsed:
        raise Bad(f"line {number} has none of the shapes of version 1: neither a row's, nor the opening line's, nor another")
    return parsed


def shape(number, line, text):
    """None when the text has no shape of ours, whether it is JSON or not."""
    if m := ROW.match(text):
        if value_end(text, m.end()) == len(text) - 1 and text[-1] == "}":
            chain, seq = checked(number, m)
            return Link(number, chain, seq, m["prev"], seq, sha256(line), commitments(number, m["committed"]), None, None)
    elif m := GAP.fullmatch(text):
        (chain, seq), last = checked(number, m), int(m["last"])
        if last - seq + 1 != int(m["count"]):
            raise Bad(f"line {number}: from seq {seq} to {last} there are not {m['count']} rows")
        return Link(number, chain, seq, m["prev"], last, m["hash"], {}, m["gap"], m["event"])
    elif m := DISCLOSURE.match(text):
        disclosed = disclosed_commitments(text, m.end())
        return disclosed and Disclosure(number, *checked(number, m), disclosed)
    elif m := OPENING.fullmatch(text):
        checked(number, m)
        return Opening(number, sha256(line), m["database"], m["log"], m["table"])
    elif m := PROVENANCE.fullmatch(text):
        checked(number, m)
        heads = [(int(chain), int(seq), digest) for chain, seq, digest in re.findall(rf'\[(\d+),(\d+),"({HEX})"\]', m["heads"])]
        if any(chain > CHAINS or seq > ROWS for chain, seq, _ in heads) or any(a[0] >= b[0] for a, b in zip(heads, heads[1:])):
            raise Bad(f"line {number}: its heads are not in ascending order of chain, or a number is too large")
        return Provenance(number, m["how"], m["log"], m["database"], heads, m["event"])
    return None


CHAINS, ROWS = 2**31 - 1, 2**63 - 1


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def checked(number, m):
    """Chain and seq, once all numbers of the line are within their ranges and its date exists."""
    values = m.groupdict()
    for group, most in (("chain", CHAINS), ("chains", CHAINS), ("seq", ROWS), ("last", ROWS), ("session", ROWS)):
        if int(values.get(group) or 0) > most:
            raise Bad(f"line {number}: {group} {values[group]} is above {most}")
    if "date" in values and not exists(values["date"], values["bc"]):
        raise Bad(f"line {number}: {values['date']}{values['bc'] or ''} is no date")
    return int(values.get("chain") or 0), int(values.get("seq") or 0)


@functools.lru_cache
def exists(date, bc):
    """In the calendar of PostgreSQL, Gregorian all the way back; it begins and ends where timestamptz does."""
    year, month, day = map(int, date.split("-"))
    if year == 0:
        return False
    year = 1 - year if bc else year
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = (31, 28 + leap, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return 1 <= month <= 12 and 1 <= day <= days[month - 1] and (-4713, 11, 24) <= (year, month, day) <= (294276, 12, 31)


def commitments(number, members):
    """The hashes that a row commits to, by the names of the columns as the line has them."""
    found = re.findall(f'({STRING}):"({HEX})"', members or "")
    if len(dict(found)) < len(found):
        raise Bad(f"line {number} commits to a column twice")
    return dict(found)


def disclosed_commitments(text, at):
    """What each member of `disclosed` commits to, as (name, hash); None when the shape is wrong."""
    found = []
    while m := re.compile(rf'({STRING}):\["({HEX})",').match(text, at):
        end = value_end(text, m.end())
        found.append((m[1], sha256(bytes.fromhex(m[2]) + text[m.end():end].encode())))
        if text[end:] == "]}}":
            return found
        if text[end:end + 2] != "],":
            return None
        at = end + 2
    return None


# --- JSON ---------------------------------------------------------------------------------------------------------

def refuse(constant):
    raise ValueError(f"{constant} is no JSON")


DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=refuse)  # str: no limit on digits
TOKEN = re.compile(r'[ \t]*(?:(?P<open>[\[{])|(?P<close>[\]}])|(?P<comma>,)|(?P<colon>:)|'
                   r'(?P<string>"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[^"\\\x00-\x1f]*)*")|'
                   r'(?P<scalar>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null))')


def value_end(text, at):
    """Where the JSON value ends that begins at `at`; a ValueError when there is none."""
    try:
        return DECODER.raw_decode(text, at)[1]
    except RecursionError:
        return deep_value_end(text, at)


def deep_value_end(text, at):
    """The same, however deep the value is."""
    closers, due = [], VALUE  # what closes the arrays and objects around; what may come next
    while True:
        token = TOKEN.match(text, at)
        kind = token and token.lastgroup
        if kind not in due or kind == "close" and token["close"] != closers.pop():
            raise ValueError(f"unexpected at character {at}")
        at = token.end()
        if kind == "open":
            closers.append("]" if token["open"] == "[" else "}")
            due = FIRST[closers[-1]]
        elif kind == "comma":
            due = VALUE if closers[-1] == "]" else KEY
        elif kind == "colon":
            due = VALUE
        elif due is KEY or due is FIRST["}"] and kind == "string":
            due = {"colon"}
        elif closers:
            due = {"comma", "close"}
        else:
            return at


VALUE, KEY = {"open", "string", "scalar"}, {"string"}
FIRST = {"]": VALUE | {"close"}, "}": KEY | {"close"}}  # behind [ and {


# --- A log --------------------------------------------------------------------------------------------------------

class Log:
    """What is kept of one log: its opening line, the two lines before, the heads, and counts."""

    def __init__(self, opening, heads, events):
        self.opening, self.heads, self.events = opening, heads, events
        self.before = opening  # whatever it is
        self.last = None       # the row or gap before
        self.suspect = None    # a row or gap whose prev is not the hash of the one before, and the latter
        self.missed = set(heads)
        self.came_in, self.claims = {}, {}  # of the provenance: seq by chain, and (hash, number) by (chain, seq)
        self.ends = {}         # the head of each chain so far
        self.rows = self.came = self.missing = self.undisclosed = 0
        self.commits = False   # whether there is anything to disclose

    def take(self, line, say):
        if isinstance(line, Provenance):
            self.provenance(line, say)
        elif isinstance(line, Disclosure):
            self.disclosure(line)
        else:
            self.settle(line)
            self.link(line, say)
        self.before = line

    def provenance(self, line, say):
        if self.last:
            raise Bad(f"line {line.number}: a provenance must stand directly behind the opening line")
        if line.log != self.opening.log:
            raise Bad(f"line {line.number} is of the log {line.log}, not of {self.opening.log}")
        for chain, seq, digest in line.heads:
            self.claims.setdefault((chain, seq), []).append((digest, line.number))
            self.came_in[chain] = max(seq, self.came_in.get(chain, 0))
        on_record = "" if line.event in self.events else "not "
        say(f"line {line.number}: rows {line.how} into database {line.database}, event {line.event} {on_record}vouched for by --event")

    def link(self, line, say):
        named = self.predecessor(line)
        if line.prev != named.hash:
            self.suspect = named, line
        else:
            self.compare(line)
        if line.gap:
            if line.event not in self.events:
                raise Bad(f"{name(line)} says that rows were {line.gap}, and no --event vouches for it: event {line.event}")
            say(f"{name(line)}: {line.last - line.seq + 1} rows are missing, {line.gap}, vouched for by --event")
            self.missing += line.last - line.seq + 1
        else:
            self.rows += 1
            self.came += line.seq <= self.came_in.get(line.chain, 0)
            self.undisclosed += len(line.committed)
            self.commits = self.commits or bool(line.committed)
        self.last, self.ends[line.chain] = line, (line.last, line.hash)

    def predecessor(self, line):
        """The line that line.prev must name."""
        last, (chain, seq) = self.last, (line.chain, line.seq)
        if last and (chain, seq) == (last.chain, last.last + 1):
            return last
        if seq == 1 and not (last and chain <= last.chain):
            return self.opening
        before = name(last or self.opening)
        if last and line.prev == last.hash:
            raise Bad(f"{name(line)} names {before} as the one before it: its number was changed, it must be seq {last.last + 1}")
        if last and (chain, seq) <= (last.chain, last.last):
            raise Bad(f"{name(line)} after {before}: duplicate or out of order")
        due = last.last + 1 if last and chain == last.chain else 1
        raise Bad(f"{name(line)} after {before}: of chain {chain}, seq {due} to {seq - 1} are missing")

    def compare(self, line):
        """With the heads that are known of it."""
        head = self.heads.get((line.chain, line.last), line.hash)
        if head != line.hash:
            raise Bad(f"{name(line)} has the hash {line.hash}, but --head says {head}")
        self.missed.discard((line.chain, line.last))
        for head, number in self.claims.pop((line.chain, line.last), ()):
            if head != line.hash:
                raise Bad(f"{name(line)} has the hash {line.hash}, but line {number} says {head}")

    def disclosure(self, line):
        row = self.before
        if not isinstance(row, Link) or row.gap or (row.chain, row.seq) != (line.chain, line.seq):
            raise Bad(f"{name(line)} discloses columns, but the line before is not that row's")
        committed = iter(row.committed.items())
        for column, digest in line.commitments:
            if (column, digest) not in committed:  # takes from the iterator, so this is about order, too
                raise Bad(f"{name(line)} discloses {column}, which is not what the row committed to, or not in its order")
            self.undisclosed -= 1

    def settle(self, after=None):
        """When the line before was suspect, refuse the file; `after`, the next of its chain, tells which line was changed."""
        if not self.suspect:
            return
        before, line = self.suspect
        what = f"{name(line)} has as hash of {name(before)} {line.prev}, but it is {before.hash}. "
        if before is self.opening and min(self.ends) < line.chain:
            raise Bad(f"{what}Other chains agree with {name(before)}, so {name(line)} is wrong")
        other = f", or chain {line.chain} belongs to another log" if before is self.opening else ""
        known = self.heads.get((line.chain, line.last))
        if not known and after and (after.chain, after.seq) == (line.chain, line.last + 1):
            known = after.prev
        if not known or line.gap:  # what follows a gap names a row that is not there
            raise Bad(f"{what}One of the two was changed{other}; nothing after them tells which")
        if known == line.hash:
            raise Bad(f"{what}What comes later vouches for {name(line)}, so {name(before)} was changed{other}")
        raise Bad(f"{what}What comes later contradicts {name(line)} too: it was changed, or both its neighbours were")

    def end(self, say):
        self.settle()
        for chain, seq in sorted(self.missed):
            raise Bad(f"chain {chain} has no seq {seq}, which --head has: rows were cut off, or this is older than that head")
        for (chain, seq), claims in sorted(self.claims.items()):
            raise Bad(f"chain {chain} has no seq {seq}, up to which rows came in as line {claims[0][1]} says")
        table = "".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in self.opening.table[1:-1])
        counts = [f"{self.rows} rows, {len(self.ends)} chain{'s' * (len(self.ends) != 1)}"]
        counts += [f"{self.came} rows came in"] * bool(self.came_in) + [f"{self.missing} rows are missing"] * bool(self.missing)
        counts += [f"{self.undisclosed} values were not disclosed"] * self.commits
        say(f"log {self.opening.log} {table}: good, {'; '.join(counts)}")
        vouched = {chain: f"vouched for by --head up to seq {seq}" for chain, seq in sorted(self.heads)}
        for chain, (seq, digest) in self.ends.items():
            say(f"head {chain}:{seq}:{digest} " + vouched.get(chain, "not vouched for: no --head of this chain"))


# --- A file -------------------------------------------------------------------------------------------------------

def check(stream, heads, events, say):
    log, seen = None, set()
    for number, raw in enumerate(stream, 1):
        try:
            line = parse(number, raw[:-1] if raw.endswith(b"\n") else raw)
        except OtherVersion:
            raise
        except Bad:
            if log:
                log.settle()
            raise
        if not isinstance(line, Opening):
            if not log:
                raise Bad("line 1: a file must begin with an opening line")
            log.take(line, say)
            continue
        if log:
            log.end(say)
        if (line.database, line.log) in seen:
            raise Bad(f"{name(line)}: this log was here before")
        if log and heads:
            raise Bad(f"{name(line)} begins a second log; --head is for a file of one log")
        seen.add((line.database, line.log))
        log = Log(line, heads, events)
    if not log:
        raise Bad("line 1: a file must begin with an opening line, and this one is empty")
    log.end(say)


def main(arguments=None):
    def head(text):
        m = re.fullmatch(f"({NUMBER}):({NUMBER}):({HEX})", text)
        if not m:
            raise argparse.ArgumentTypeError(f"not CHAIN:SEQ:HASH: {text}")
        return (int(m[1]), int(m[2])), m[3]

    def event(text):
        if not re.fullmatch(HEX, text):
            raise argparse.ArgumentTypeError(f"not a hash: {text}")
        return text

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", default="/dev/stdin")
    parser.add_argument("--head", action="append", default=[], type=head, metavar="CHAIN:SEQ:HASH", help="a head obtained elsewhere")
    parser.add_argument("--event", action="append", default=[], type=event, metavar="HASH",
                        help="the hash of a row of audit_immutable.event, obtained elsewhere, that says why rows are missing")
    args = parser.parse_args(arguments)
    try:
        if len(set(args.head)) > len(dict(args.head)):
            raise Bad("two --head of one chain and seq contradict each other")
        with open(args.file, "rb") as export:
            check(export, dict(args.head), set(args.event), print)
    except Bad as bad:
        print("BAD:", bad)
        return 1
    except OSError as error:
        print(f"verify.py: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(main())
