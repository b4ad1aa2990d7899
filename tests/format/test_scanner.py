#!/usr/bin/env python3
"""The JSON scanner of docs/verify.py, which any depth is the same to, against the list of cases and Python's own decoder."""
import json
import random
import unittest

from cases.values import BAD, GOOD
from check_receipt import VERIFIER


def end(scanner, text, at=0):
    """Where the value ends; None when there is none."""
    try:
        return scanner(text, at)
    except ValueError:
        return None


def deep_end(text, at=0):
    return end(VERIFIER.deep_value_end, text, at)


def any_value(random, depth=0):
    """A random JSON text."""
    space = random.choice(["", "", " ", "\t"])
    kind = random.randrange(8 if depth < 5 else 5)
    if kind == 0:
        return random.choice(["true", "false", "null"])
    if kind == 1:
        return random.choice(["0", "-0", "17", "-1.50", "1e5", "2E-07", "0.0e+0", "9" * 30])
    if kind < 5:
        pieces = ["a", "\u00fc", "\U0001f512", '\\"', "\\\\", "\\/", "\\n", "\\u0041", "\\ud800", "}", "]", ","]
        return '"' + "".join(random.choices(pieces, k=random.randrange(4))) + '"'
    values = [any_value(random, depth + 1) for _ in range(random.randrange(4))]
    if kind == 5:
        values = [f'{any_key(random)}{space}:{space}{value}' for value in values]
    return ("{%s}" if kind == 5 else "[%s]") % (space + f"{space},{space}".join(values) + space)


def any_key(random):
    return random.choice(['"a"', '""', '"a"', '"\\u0061"', '"\u00fc"'])


def damaged(random, text):
    at = random.randrange(len(text) + 1)
    if random.randrange(2):
        return text[:at] + text[at + random.randrange(3):]
    piece = random.choice([*'{}[],:"\\0-.e+ \t\n\x01nN', "NaN", "Infinity", "\u00a0", "\u0661"])
    return text[:at] + piece + text[at + random.randrange(2):]


class Scanner(unittest.TestCase):
    def test_good_values(self):
        for name, value in GOOD.items():
            with self.subTest(name):
                self.assertEqual(deep_end(value), len(value))
                self.assertEqual(deep_end(f'{{"row":{value}}},"x"', 7), 7 + len(value))

    def test_bad_values(self):
        for name, value in BAD.items():
            with self.subTest(name):
                self.assertNotEqual(deep_end(value), len(value))

    def test_values_of_every_kind(self):
        for value in ("0", "-1.5e+07", '""', '"a"', "true", "false", "null", "[]", "{}", "[ ]", "{ }", '[{"a":[{}]}]'):
            self.assertEqual(deep_end(value), len(value), value)
            self.assertEqual(deep_end(value + "]"), len(value), value)
        for nothing in ("", "]", ",", ":", "}", "nul", "-", '"', "[", "{"):
            self.assertIsNone(deep_end(nothing), nothing)

    def test_it_agrees_with_python(self):
        """On 20,000 texts, half of them damaged; both ways of finding the end answer the same, or both none."""
        dice, found, refused = random.Random(8259), 0, 0
        for n in range(20000):
            text = any_value(dice)
            text = damaged(dice, text) if n % 2 else text
            if "\n" in text or text[:1] in " \t":  # not in a line; where no value begins
                continue
            expected = end(lambda text, at: VERIFIER.DECODER.raw_decode(text, at)[1], text)
            self.assertEqual(deep_end(text), expected, text)
            found, refused = found + (expected == len(text)), refused + (expected is None)
        self.assertGreater(found, 10000)
        self.assertGreater(refused, 3000)

    def test_python_takes_over_only_what_is_json(self):
        """What json.loads takes, and RFC 8259 does not, the decoder that is used refuses."""
        for constant in ("NaN", "Infinity", "-Infinity", "[NaN]", '{"a":-Infinity}'):
            json.loads(constant)
            self.assertIsNone(end(VERIFIER.value_end, constant))

    def test_depth(self):
        for depth in (100, 900, 1000, 1100, 100000):
            for opens, closes in (("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")):
                value = opens * depth + "0" + closes * depth
                self.assertEqual(end(VERIFIER.value_end, value), len(value), (opens, depth))
                self.assertIsNone(end(VERIFIER.value_end, value[:-1]), (opens, depth))
                self.assertIsNone(end(VERIFIER.value_end, opens * depth), (opens, depth))
                self.assertIsNone(end(VERIFIER.value_end, value.replace("0", "NaN")), (opens, depth))


if __name__ == "__main__":
    unittest.main()
