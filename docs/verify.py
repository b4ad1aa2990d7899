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


# --- The shapes of lines ---

MAX_COLUMNS = 1600      # of a PostgreSQL table


def several(item, most=""):
    return f"{item}(?:,{item}){'{0,%d}' % (most - 1) if most else '*'}"


CHAINS, ROWS = 2**31 - 1, 2**63 - 1  # the largest chain and seq
HEX = "[0-9a-f]{64}"
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
NUMBER = "[1-9][0-9]{0,18}"
TIME = ('"(?P<date>(?:[0-9]{4}|[1-9][0-9]{4,5})-[0-9]{2}-[0-9]{2})T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]'
        r'(?:\.[0-9]{0,5}[1-9])?\+00:00(?P<bc> BC)?"')
# Nothing is escaped that need not be. Strings in `row` and in disclosed values are any JSON.
STRING = r'"[^"\\\x00-\x1f]*(?:\\(?:["\\bfnrt]|u00(?:0[0-7bef]|1[0-9a-f]))[^"\\\x00-\x1f]*)*"'
COLUMN = rf'\[{STRING},{STRING}(?:,"committed")?\]'
COLUMNS = rf'"columns":\[(?:{several(COLUMN, MAX_COLUMNS)})?\],'
COMMITMENT = f'{STRING}:"{HEX}"'
COMMITTED = rf'"committed":\{{(?P<committed>{several(COMMITMENT, MAX_COLUMNS)})\}},'
HEAD = rf'\[{NUMBER},{NUMBER},"{HEX}"\]'
HEADS = rf'"heads":\[(?P<heads>{several(HEAD)})\],'
PLACE = rf'\{{"chain":(?P<chain>{NUMBER}),"seq":(?P<seq>{NUMBER}),'
PREV = rf'"prev":"(?P<prev>{HEX})",'
EVENT = rf'"event":"(?P<event>{HEX})"\}}'

VERSION = re.compile(rb'\{"audit_immutable":(0|[1-9][0-9]*)[,}]')
OPENING = re.compile(rf'\{{"audit_immutable":1,"database":"(?P<database>{UUID})","log":"(?P<log>{UUID})",'
                     rf'"table":(?P<table>{STRING}),{COLUMNS}(?:"chains":(?P<chains>{NUMBER}),)?"opened":{TIME},"by":{STRING}\}}')
PROVENANCE = re.compile(rf'\{{"provenance":"(?P<how>restored|imported)","log":"(?P<log>{UUID})",'
                        rf'"database":"(?P<database>{UUID})","at":{TIME},"by":{STRING},{HEADS}{EVENT}')
ROW = re.compile(rf'{PLACE}{PREV}"at":{TIME},"session":(?P<session>0|{NUMBER}),(?:{COLUMNS})?(?:{COMMITTED})?"row":(?=\{{)')
GAP = re.compile(rf'{PLACE}{PREV}"gap":"(?P<gap>purged|damaged)","last":(?P<last>{NUMBER}),"hash":"(?P<hash>{HEX})",'
                 rf'"count":(?P<count>{NUMBER}),{EVENT}')
DISCLOSURE = re.compile(rf'{PLACE}"disclosed":\{{')
DISCLOSED = re.compile(rf'({STRING}):\["({HEX})",(?![ \t])')

Opening = collections.namedtuple("Opening", "number hash database log table")
Provenance = collections.namedtuple("Provenance", "number how log database heads event")
Link = collections.namedtuple("Link", "number chain seq prev last hash committed gap event")  # a row; or a gap, up to seq `last`
Disclosure = collections.namedtuple("Disclosure", "number chain seq commitments")


def parse(number, line):
    """The line, whose LF has been taken off, as one of the four above."""
    version = VERSION.match(line)
    if version and version[1] != b"1":
        raise OtherVersion(f"line {number} has format version {version[1][:40].decode()}; only version 1 is known here")
    if b"\r" in line:
        raise Bad(f"line {number} holds a CR: changed, or were the line ends converted to CRLF?")
    try:
        text = line.decode()
        parsed = shape(number, text, line)
        if not parsed and value_end(text.strip(" \t"), 0) < len(text.strip(" \t")):
            raise ValueError("something follows its end")
    except ValueError as error:  # UnicodeDecodeError and JSONDecodeError are such
        raise Bad(f"line {number} is not JSON in UTF-8: {getattr(error, 'msg', error)}") from None
    if not parsed:
        raise Bad(f"line {number} has none of the shapes of version 1: it is neither a row nor an opening line nor another")
    return parsed


def shape(number, text, line):
    """None when the text has no shape of ours, whether it is JSON or not."""
    if m := ROW.match(text):
        if value_end(text, m.end()) == len(text) - 1 and text[-1] == "}":
            chain, seq = place(number, m)
            at_most(ROWS, number, "session", m["session"])
            check_date(number, m)
            return Link(number, chain, seq, m["prev"], seq, sha256(line), commitments(number, m["committed"]), None, None)
    elif m := GAP.fullmatch(text):
        (chain, seq), last = place(number, m), at_most(ROWS, number, "last", m["last"])
        if last - seq + 1 != int(m["count"]):
            raise Bad(f"line {number}: from seq {seq} to {last} there are not {m['count']} rows")
        return Link(number, chain, seq, m["prev"], last, m["hash"], {}, m["gap"], m["event"])
    elif m := DISCLOSURE.match(text):
        if disclosed := disclosed_commitments(text, m.end()):
            return Disclosure(number, *place(number, m), disclosed)
    elif m := OPENING.fullmatch(text):
        at_most(CHAINS, number, "chains", m["chains"] or 0)
        check_date(number, m)
        return Opening(number, sha256(line), m["database"], m["log"], m["table"])
    elif m := PROVENANCE.fullmatch(text):
        check_date(number, m)
        heads = [(at_most(CHAINS, number, "chain", chain), at_most(ROWS, number, "seq", seq), digest)
                 for chain, seq, digest in re.findall(rf'\[(\d+),(\d+),"({HEX})"', m["heads"])]
        if any(head[0] >= after[0] for head, after in zip(heads, heads[1:])):
            raise Bad(f"line {number}: its heads are not in ascending order of chain, each chain once")
        return Provenance(number, m["how"], m["log"], m["database"], heads, m["event"])
    return None


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def place(number, m):
    return at_most(CHAINS, number, "chain", m["chain"]), at_most(ROWS, number, "seq", m["seq"])


def at_most(most, number, member, digits):
    if int(digits) > most:
        raise Bad(f"line {number}: {member} {digits} is above {most}")
    return int(digits)


def check_date(number, m):
    if not exists(m["date"], m["bc"]):
        raise Bad(f"line {number}: {m['date']}{m['bc'] or ''} is no date, or out of the range of timestamptz")


@functools.lru_cache
def exists(date, bc):
    """In the Gregorian calendar, continued to the past as far as timestamptz goes. There is no year 0: 1 BC is before 1."""
    number, month, day = map(int, date.split("-"))
    year = 1 - number if bc else number
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = (31, 28 + leap, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return (number > 0 and 1 <= month <= 12 and 1 <= day <= days[month - 1]
            and (-4713, 11, 24) <= (year, month, day) <= (294276, 12, 31))


def commitments(number, members):
    """The hashes that a row commits to, by the names of the columns as the line has them."""
    if not members:
        return {}
    found = re.findall(f'({STRING}):"({HEX})"', members)
    if len(dict(found)) < len(found):
        raise Bad(f"line {number} commits to a column twice")
    return dict(found)


def disclosed_commitments(text, at):
    """What the members of `disclosed` must have been committed to as, (name, hash); None when the shape is wrong."""
    found = []
    while (m := DISCLOSED.match(text, at)) and len(found) < MAX_COLUMNS:
        end = value_end(text, m.end())
        found.append((m[1], sha256(bytes.fromhex(m[2]) + text[m.end():end].encode())))
        if text[end:] == "]}}":
            return found
        if text[end:end + 2] != "],":
            return None
        at = end + 2
    return None


# --- JSON ---

def refuse(constant):
    raise ValueError(f"{constant} is no JSON")


# Python's own takes NaN and the like for JSON, unless told not to, and has a limit on the digits of an int, and on depth.
DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=refuse)
TOKEN = re.compile(r'[ \t]*(?:(?P<open>[\[{])|(?P<close>[\]}])|(?P<comma>,)|(?P<colon>:)|'
                   r'(?P<string>"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[^"\\\x00-\x1f]*)*")|'
                   r'(?P<scalar>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null))')


VALUE, KEY = {"open", "string", "scalar"}, {"string"}  # what may come next
FIRST = {"]": VALUE | {"close"}, "}": KEY | {"close"}}  # the same, behind [ and {


def value_end(text, at):
    """Where the JSON value ends that begins at `at`; a ValueError when there is none."""
    try:
        return DECODER.raw_decode(text, at)[1]
    except RecursionError:
        return deep_value_end(text, at)


def deep_value_end(text, at):
    """The same, however deep the value is."""
    closers, due = [], VALUE  # what closes the arrays and objects around
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
        elif kind == "string" and (due is KEY or due is FIRST["}"]):
            due = {"colon"}
        elif closers:
            due = {"comma", "close"}
        else:
            return at


# --- A log ---

def name(line):
    if isinstance(line, Opening):
        return f"line {line.number} (opening line)"
    to = f" to {line.last}" if isinstance(line, Link) and line.last > line.seq else ""
    return f"line {line.number} (chain {line.chain}, seq {line.seq}{to})"


def visible(text):
    return "".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in text)


def several_of(count, noun):
    return f"{count} {noun}{'' if count == 1 else 's'}"


class Log:
    """What is kept of a log: the opening line, the two lines before, heads, and counts."""

    def __init__(self, opening, heads, events):
        self.opening, self.heads, self.events = opening, heads, events
        self.before = opening                      # the line before
        self.last = None                           # the row or gap before
        self.suspect = None                        # (the row or gap before, the next one, whose prev it should be and is not)
        self.ends = {}                             # the head of each chain so far
        self.due = set(heads)                      # those whose rows have not come yet
        self.came_up_to, self.claims = {}, {}      # of provenance: seq by chain; [(hash, number of the line)] by (chain, seq)
        self.rows = self.came = self.missing = self.committed = self.disclosed = 0

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
            self.came_up_to[chain] = max(seq, self.came_up_to.get(chain, 0))
        vouched = "vouched for" if line.event in self.events else "not vouched for"
        say(f"line {line.number}: rows were {line.how} into database {line.database}, {vouched} by --event: {line.event}")

    def link(self, line, say):
        named = self.predecessor(line)
        if line.prev != named.hash:
            self.suspect = named, line
        else:
            self.compare(line)
        if line.gap:
            if line.event not in self.events:
                raise Bad(f"{name(line)} says that rows were {line.gap}, and no --event vouches for it: {line.event}")
            count = line.last - line.seq + 1
            say(f"{name(line)}: {several_of(count, 'row')} missing, {line.gap}, vouched for by --event: {line.event}")
            self.missing += count
        else:
            self.rows += 1
            self.came += line.seq <= self.came_up_to.get(line.chain, 0)
            self.committed += len(line.committed)
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
        self.due.discard((line.chain, line.last))
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
                raise Bad(f"{name(line)} discloses {visible(column)}: not what the row committed to, or not in its order")
            self.disclosed += 1

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
        if self.due:
            chain, seq = min(self.due)
            raise Bad(f"chain {chain} has no seq {seq}, which --head has: rows were cut off, or this is older than that head")
        if self.claims:
            chain, seq = min(self.claims)
            raise Bad(f"chain {chain} has no seq {seq}, up to which rows came in as line {self.claims[chain, seq][0][1]} says")
        counts = [several_of(self.rows, "row"), several_of(len(self.ends), "chain")]
        if self.came_up_to:
            counts.append(f"{several_of(self.came, 'row')} came in")
        if self.missing:
            counts.append(f"{several_of(self.missing, 'row')} missing")
        if self.committed:
            counts.append(f"{several_of(self.committed - self.disclosed, 'value')} not disclosed")
        say(f"log {self.opening.log} {visible(self.opening.table[1:-1])}: good, {', '.join(counts)}")
        vouched = {chain: f"vouched for by --head up to seq {seq}" for chain, seq in sorted(self.heads)}
        for chain, (seq, digest) in self.ends.items():
            say(f"head {chain}:{seq}:{digest} " + vouched.get(chain, "not vouched for: no --head of this chain"))


# --- A file ---

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
    parser.add_argument("--head", action="append", default=[], type=head, metavar="CHAIN:SEQ:HASH",
                        help="a head obtained elsewhere")
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
