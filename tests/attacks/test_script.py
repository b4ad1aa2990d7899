"""How a script's header is read."""
import unittest

from attacks.script import HeaderError, parse
from harness.ring import DDL, PRELOAD

GAIN = "-- The attacker gains something.\n"


class Headers(unittest.TestCase):
    """Headers of a test's own."""

    def test_what_it_says(self) -> None:
        script = parse("kind", "name", GAIN + "-- role: app_rw\n-- says: 42501 / 54000\n-- verify: intact\nSELECT 1;\n")
        self.assertEqual((script.title, script.role, script.may_run_as), ("kind/name", "app_rw", {"app_rw"}))
        for ring in (DDL, PRELOAD):
            self.assertTrue(script.is_for(ring))
            self.assertEqual(script.expected[ring.name].says, "42501 / 54000")
            self.assertEqual(script.expected[ring.name].findings, frozenset())

    def test_one_ring_may_differ(self) -> None:
        script = parse("kind", "name", GAIN + "-- role: postgres\n-- says ring2: done\n-- says ring3: 42501\n"
                       "-- verify: intact\n-- verify ring2: truncated modified\n-- may change: s.a\n-- runs as: postgres attacker\n")
        self.assertEqual([script.expected[ring].says for ring in ("ring2", "ring3")], ["done", "42501"])
        self.assertEqual(script.expected["ring2"].findings, {"truncated", "modified"})
        self.assertEqual(script.expected["ring3"].findings, frozenset())
        self.assertEqual((script.may_change, script.may_run_as), ({"s.a"}, {"postgres", "attacker"}))

    def test_one_ring_alone(self) -> None:
        script = parse("kind", "name", GAIN + "-- role: postgres\n-- rings: ring3\n-- says: done\n-- verify: intact\n")
        self.assertEqual([script.is_for(ring) for ring in (DDL, PRELOAD)], [False, True])

    def test_what_is_missing_is_named(self) -> None:
        whole = [GAIN, "-- role: attacker\n", "-- says: done\n", "-- verify: intact\n"]
        parse("kind", "name", "".join(whole))
        for line in whole:
            with self.subTest(line), self.assertRaises(HeaderError):
                parse("kind", "name", "".join(other for other in whole if other != line))
        with self.assertRaisesRegex(HeaderError, "no role nobody"):
            parse("kind", "name", "".join(whole).replace("attacker", "nobody"))


if __name__ == "__main__":
    unittest.main()
