#!/usr/bin/env python3
"""docs/verify.py: good files pass, spoiled ones are refused with the right line and reason. What is good and what is not is in
docs/cases.jsonl; this is about what is said."""
import contextlib
import hashlib
import io
import json
import pathlib
import resource
import subprocess
import sys
import tempfile
import unittest

import cases
from cases import EVENT, OTHER_EVENT, Log, quote
from cases.planned import committed, disclosed, disclosure
from check_receipt import VERIFIER

VERIFY = pathlib.Path(__file__).resolve().parents[2] / "docs" / "verify.py"
LOG = "0b9df7ec-5b1c-4a64-9d0c-3c1c5b1f0a%02d"


def sha(line):
    return hashlib.sha256(line).hexdigest()


def opening(number=1, version=1, more=""):
    return ('{"audit_immutable":%d,"database":"5b2f1c0e-94d7-4a3b-8e61-7d0a2c9f4e18","log":"%s","table":"public.t%d",'
            '"columns":[["id","bigint"],["v","text"]],%s"opened":"2026-11-20T13:50:47+00:00","by":"postgres"}'
            % (version, LOG % number, number, more)).encode()


def row(chain, seq, prev, content=None):
    content = '{"id":%d,"v":"value %d/%d"}' % (seq, chain, seq) if content is None else content
    return ('{"chain":%d,"seq":%d,"prev":"%s","at":"2026-11-20T13:50:47.1+00:00","session":7,"row":%s}'
            % (chain, seq, prev, content)).encode()


def log(chains=((1, 5), (2, 3), (4, 1)), number=1, contents=None):
    """Lines of a good log; line 1 is the opening line. Default: lines 2-6, 7-9 and 10 are chains 1, 2 and 4."""
    lines = [opening(number)]
    for chain, rows in chains:
        prev = sha(lines[0])
        for seq in range(1, rows + 1):
            lines.append(row(chain, seq, prev, contents))
            prev = sha(lines[-1])
    return lines


def head(line):
    value = json.loads(line)
    return "%d:%d:%s" % (value["chain"], value["seq"], sha(line))


def verify(lines, *heads, end=b"\n", last=b"\n", events=()):
    """Exit status and what was printed."""
    data = lines if isinstance(lines, bytes) else end.join(lines) + last
    options = [f"--head={head}" for head in heads] + [f"--event={event}" for event in events]
    with tempfile.NamedTemporaryFile() as file, contextlib.redirect_stdout(io.StringIO()) as printed:
        file.write(data)
        file.flush()
        return VERIFIER.main([*options, file.name]), printed.getvalue()


def command(*arguments, data=b""):
    run = subprocess.run([sys.executable, VERIFY, *arguments], input=data, capture_output=True)
    return run.returncode, (run.stdout + run.stderr).decode()


class Good(unittest.TestCase):
    def good(self, *args, **named):
        status, text = verify(*args, **named)
        self.assertEqual(status, 0, text)
        return text

    def test_summary_and_heads(self):
        lines = log()
        text = self.good(lines)
        self.assertIn("good, 9 rows, 3 chains", text)
        for n in (6, 9, 10):
            self.assertIn("head %s not vouched for" % head(lines[n - 1]), text)

    def test_file_or_standard_input(self):
        data = b"\n".join(log()) + b"\n"
        with tempfile.NamedTemporaryFile() as file:
            file.write(data)
            file.flush()
            self.assertEqual(command(file.name), command(data=data))
        self.assertEqual(command(data=data), verify(data))

    def test_empty_log(self):
        self.assertIn("0 rows", self.good([opening()]))

    def test_limit_on_chains(self):
        self.good([opening(more='"chains":1,')])

    def test_no_last_line_end(self):
        self.good(log(), last=b"")

    def test_several_logs(self):
        self.assertEqual(self.good(log() + log(number=2)).count(": good"), 2)

    def test_heads(self):
        lines = log()
        text = self.good(lines, head(lines[5]), head(lines[7]))
        self.assertIn("head %s vouched for by --head up to seq 5" % head(lines[5]), text)
        self.assertIn("head %s vouched for by --head up to seq 2" % head(lines[8]), text)
        self.assertIn("head %s not vouched for" % head(lines[9]), text)

    def test_long_line(self):
        self.good(log(((1, 2),), contents='{"v":"%s"}' % ("x" * 5000000)))

    def test_what_is_shown_of_a_table_cannot_move_the_cursor(self):
        text = self.good(cases.encode(Log(table=quote("t\u009b2J\u202e")).text()))
        self.assertIn(" t<U+009B>2J<U+202E>: good", text)

    def test_output_without_unicode(self):
        data = cases.encode(Log(table=quote("gr\u00fc\u00dfe")).text())
        run = subprocess.run([sys.executable, VERIFY], input=data, capture_output=True, env={"PYTHONIOENCODING": "ascii"})
        self.assertEqual((run.returncode, run.stderr), (0, b""))


class Counts(unittest.TestCase):
    """What came in, is missing, or was not disclosed."""

    def good(self, log, *expected, events=()):
        status, text = verify(cases.encode(log.text()), events=events)
        self.assertEqual(status, 0, text)
        for part in expected:
            self.assertIn(part, text)
        return text

    def test_nothing_to_count(self):
        self.assertTrue(self.good(Log().rows(2)).splitlines()[0].endswith(": good, 2 rows, 1 chain"))

    def test_rows_that_came_in(self):
        log = Log().rows(5).rows(3, 2)
        heads = [(1, 2, cases.sha(log.lines[2])), (2, 3, log.head(2)[2])]
        log.provenance(heads).provenance([(1, 3, cases.sha(log.lines[4]))], event=quote(OTHER_EVENT),
                                         provenance=quote("imported"))
        self.good(log, "good, 8 rows, 2 chains, 6 rows came in",
                  f"line 2: rows were imported into database {cases.DATABASE}, not vouched for by --event",
                  f"line 3: rows were restored into database {cases.DATABASE}, vouched for by --event", events=[EVENT])

    def test_rows_that_are_missing(self):
        self.good(Log().row().gap(57).gap(1, gap=quote("damaged")).row(), "good, 2 rows, 1 chain, 58 rows missing",
                  f"line 3 (chain 1, seq 2 to 58): 57 rows missing, purged, vouched for by --event: {EVENT}",
                  f"line 4 (chain 1, seq 59): 1 row missing, damaged, vouched for by --event: {EVENT}", events=[EVENT])

    def test_head_of_a_gap(self):
        log = Log().row().gap(57)
        self.good(log, "head %d:%d:%s not vouched for" % log.head(), events=[EVENT])

    def test_values_that_were_not_disclosed(self):
        log = Log().row(committed=committed()).add(disclosure(disclosed("email", "note"), seq=1)).row(committed=committed())
        self.good(log, "good, 2 rows, 1 chain, 4 values not disclosed")
        log = Log().row(committed=committed()).add(disclosure(disclosed("email", "phone", "note"), seq=1))
        self.good(log, "0 values not disclosed")

    def test_counts_are_of_one_log(self):
        text = Log().row(committed=committed()).text() + Log(2).row().text()
        status, printed = verify(cases.encode(text))
        self.assertIn("good, 1 row, 1 chain, 3 values not disclosed\n", printed)
        self.assertIn("good, 1 row, 1 chain\n", printed)


class Bad(unittest.TestCase):
    def bad(self, lines, *expected, heads=(), not_expected=(), **named):
        status, text = verify(lines, *heads, **named)
        self.assertEqual(status, 1, text)
        self.assertTrue(text.splitlines()[-1].startswith("BAD: "), text)
        self.assertNotIn("Traceback", text)
        for part in expected:
            self.assertIn(part, text)
        for part in not_expected:
            self.assertNotIn(part, text)

    def spoiled(self, number, old=b"value", new=b"Value"):
        lines = log()
        self.assertIn(old, lines[number - 1])
        lines[number - 1] = lines[number - 1].replace(old, new)
        return lines

    def test_every_byte_of_every_line(self):
        """Whatever byte is changed, the file is refused, unless nothing in it vouches for the line."""
        lines = log(((1, 3), (2, 1)))
        for n in range(len(lines)):
            for i in range(0, len(lines[n]), 7):
                spoiled = lines[:]
                spoiled[n] = lines[n][:i] + bytes([lines[n][i] ^ 1]) + lines[n][i + 1:]
                heads = [head(lines[3]), head(lines[4])] if n in (3, 4) else []
                status, text = verify(spoiled, *heads)
                self.assertEqual(status, 1, (n, i, text))
                self.assertNotIn("Traceback", text)

    def test_changed_row_is_named(self):
        self.bad(self.spoiled(4), "so line 4 (chain 1, seq 3) was changed")
        self.bad(self.spoiled(2), "so line 2 (chain 1, seq 1) was changed")
        self.bad(self.spoiled(7), "so line 7 (chain 2, seq 1) was changed")

    def test_two_changed_rows_first_is_named(self):
        lines = self.spoiled(3)
        lines[7] = lines[7].replace(b"value", b"Value")
        self.bad(lines, "so line 3 (chain 1, seq 2) was changed")

    def test_changed_prev_is_named(self):
        good = log()
        good[3] = row(1, 3, "0" * 64)
        self.bad(good, "line 4 (chain 1, seq 3) has as hash of line 3 (chain 1, seq 2) " + "0" * 64,
                 "contradicts line 4 (chain 1, seq 3) too")

    def test_last_but_one(self):
        """Row 4 of 5: only row 5 tells, and only a head tells whether row 5 is right."""
        lines = self.spoiled(5)
        self.bad(lines, "One of the two was changed", "line 5 (chain 1, seq 4)", "line 6 (chain 1, seq 5)")
        self.bad(lines, "so line 5 (chain 1, seq 4) was changed", heads=[head(log()[5])])
        lines = log()
        lines[5] = row(1, 5, "0" * 64)
        self.bad(lines, "contradicts line 6 (chain 1, seq 5) too", heads=[head(log()[5])])
        self.bad(self.spoiled(8)[:9], "One of the two was changed")
        self.bad(self.spoiled(8)[:9] + [b"junk"], "One of the two was changed", "line 9 (chain 2, seq 3)")

    def test_last_row_needs_a_head(self):
        lines = self.spoiled(6)
        self.assertEqual(verify(lines)[0], 0)
        self.bad(lines, "line 6 (chain 1, seq 5) has the hash", "but --head says", heads=[head(log()[5])])

    def test_cut_off(self):
        lines = log()
        self.assertEqual(verify(lines[:5] + lines[6:])[0], 0)
        self.bad(lines[:5] + lines[6:], "chain 1 has no seq 5, which --head has", heads=[head(lines[5])])
        self.bad(lines[:9], "chain 4 has no seq 1", heads=[head(lines[9])])

    def test_opening_line(self):
        lines = self.spoiled(1, b"public.t1", b"public.tX")
        self.bad(lines, "so line 1 (opening line) was changed, or chain 1 belongs to another log")
        foreign = log(number=2)
        lines = log()
        self.bad(lines[:6] + foreign[6:], "line 7 (chain 2, seq 1)", "Other chains agree with line 1 (opening line)",
                 "so line 7 (chain 2, seq 1) is wrong")
        self.bad(log()[1:], "line 1: a file must begin with an opening line")
        self.bad(b"", "line 1: a file must begin with an opening line")

    def test_version(self):
        self.bad([opening(version=2)], "line 1 has format version 2; only version 1 is known")
        self.bad([b'{"audit_immutable":2,"other":[]}'], "line 1 has format version 2")

    def test_same_log_twice(self):
        self.bad(log() + log(), "line 11 (opening line): this log was here before")
        self.bad(log()[:1] + log(), "line 2 (opening line): this log was here before")

    def test_head_with_several_logs(self):
        self.bad(log() + log(number=2), "--head is for a file of one log", heads=[head(log()[5])])

    def test_missing(self):
        lines = log()
        self.bad(lines[:3] + lines[4:], "line 4 (chain 1, seq 4) after line 3 (chain 1, seq 2)", "seq 3 to 3 are missing")
        self.bad(lines[:1] + lines[3:], "of chain 1, seq 1 to 2 are missing")
        self.bad(lines[:6] + lines[7:], "line 7 (chain 2, seq 2)", "of chain 2, seq 1 to 1 are missing")

    def test_duplicate_and_order(self):
        lines = log()
        self.bad(lines[:4] + lines[3:], "line 5 (chain 1, seq 3) after line 4 (chain 1, seq 3): duplicate or out of order")
        self.bad(lines[:3] + [lines[4], lines[3]] + lines[5:], "line 4 (chain 1, seq 4)", "seq 3 to 3 are missing")
        self.bad(lines[:1] + lines[6:9] + lines[1:6], "line 5 (chain 1, seq 1) after line 4 (chain 2, seq 3)", "out of order")

    def test_changed_number(self):
        self.bad(self.spoiled(4, b'"seq":3', b'"seq":9'), "line 4 (chain 1, seq 9)", "its number was changed, it must be seq 3")
        self.bad(self.spoiled(4, b'"chain":1', b'"chain":7'), "line 4 (chain 7, seq 3)", "its number was changed")

    def test_not_the_shape(self):
        for old, new, why in (
                (b'"row":', b'"row": ', "neither"), (b'"seq":3', b'"seq":03', "not JSON"), (b'"seq":3', b'"seq":"3"', "neither"),
                (b'"session":7,', b"", "neither"), (b'"row":{', b'"row":{"', "not JSON"),
                (b"value", b"val\xff", "not JSON in UTF-8"),
                (b"value", b"val\tue", "not JSON"), (b'"row"', b'"raw"', "neither"), (b'"chain":1', b'"chain":0', "neither")):
            self.bad(self.spoiled(4, old, new), "line 4 ", why)
        self.bad(log()[:3] + [b""] + log()[3:], "line 4 is not JSON")
        self.bad(log()[:3] + [b"[]"] + log()[3:], "line 4 has none of the shapes of version 1")
        self.bad(b"\xef\xbb\xbf" + b"\n".join(log()), "line 1 is not JSON")
        self.bad(b"\n".join(log())[:-20], "line 10 is not JSON")

    def test_blame_over_a_disclosure(self):
        log = Log().row().row(committed=committed()).add(disclosure(disclosed("email"))).rows(2)
        lines = cases.encode(log.text()).split(b"\n")[:-1]
        lines[1] = lines[1].replace(b"value", b"Value")
        self.bad(lines, "What comes later vouches for line 3 (chain 1, seq 2), so line 2 (chain 1, seq 1) was changed")

    def test_blame_with_gaps(self):
        log = Log().rows(2).gap(3).rows(2)
        lines = cases.encode(log.text()).split(b"\n")[:-1]
        wrong = [line.replace(b"value 1/2", b"Value 1/2") for line in lines]
        self.bad(wrong, "line 4 (chain 1, seq 3 to 5) has as hash of line 3 (chain 1, seq 2)",
                 "One of the two was changed; nothing after them tells", events=[EVENT])
        self.bad(wrong, "One of the two was changed; nothing after them tells", events=[EVENT],
                 heads=["%d:%d:%s" % (1, 5, json.loads(lines[3])["hash"])])
        wrong = lines[:3] + [lines[3].replace(json.loads(lines[3])["hash"].encode(), b"0" * 64)] + lines[4:]
        self.bad(wrong, "What comes later vouches for line 5 (chain 1, seq 6), so line 4 (chain 1, seq 3 to 5) was changed",
                 events=[EVENT])
        self.bad(lines, "says that rows were purged, and no --event vouches for it: " + EVENT)

    def test_version_before_blame(self):
        self.bad(self.spoiled(3)[:4] + [b'{"audit_immutable":2}'], "line 5 has format version 2")

    def test_two_heads_of_one_row(self):
        self.bad(log(), "two --head of one chain and seq contradict each other", heads=[head(log()[5]), "1:5:" + "0" * 64])

    def test_crlf(self):
        self.bad(log(), "line 1 holds a CR", "CRLF", end=b"\r\n")

    def test_usage(self):
        for wrong in ("--head=1:2", "--head=01:1:" + "0" * 64, "--head=1:0:" + "0" * 64, "--head=1:1:" + "A" * 64, "--event=x",
                      "--event=" + "A" * 64, "--other"):
            status, text = command(wrong, data=b"\n".join(log()))
            self.assertEqual(status, 2, wrong)
            self.assertNotIn("Traceback", text)
        self.assertEqual(command("/does/not/exist")[0], 2)
        self.assertEqual(command("/")[0], 2)

    def test_status_of_the_command(self):
        status, text = command(data=b"\n".join(self.spoiled(4)))
        self.assertEqual((status, text[:4]), (1, "BAD:"))


class Memory(unittest.TestCase):
    def test_constant(self):
        """200,000 rows, 40 MB, with 96 MB of address space, Python itself included."""
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"\n".join(log(((1, 200000),))) + b"\n")
            file.flush()
            run = subprocess.run([sys.executable, VERIFY, file.name], stdout=subprocess.PIPE, preexec_fn=lambda:
                                 resource.setrlimit(resource.RLIMIT_AS, (96 << 20, 96 << 20)))
        self.assertEqual(run.returncode, 0)
        self.assertIn(b"200000 rows", run.stdout)


if __name__ == "__main__":
    unittest.main()
