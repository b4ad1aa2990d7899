"""What is complained of: each check can fail."""
import unittest
from collections import Counter
from dataclasses import replace

from attacks.script import Expected, Script
from attacks.verdict import Look, State, complaints, unforeseen
from harness.ring import DDL

BEFORE = Look(Counter(["s.a|(1)", "s.a|(2)", "m.mine|(1)"]), frozenset(["role|attacker|f"]))


def script(*findings: str, may_change: tuple[str, ...] = ()) -> Script:
    """One that shall be found so."""
    expected = {DDL.name: Expected("done", frozenset(findings))}
    return Script("kind", "name", "attacker", "", expected, frozenset(may_change), frozenset(["attacker"]))


class Complaints(unittest.TestCase):
    """Against what was there before."""

    def complaints(self, attack: Script, rows: tuple[str, ...] = tuple(BEFORE.rows), rank: frozenset[str] = BEFORE.rank,
                   seen: tuple[str, ...] = (), verdict: tuple[str, ...] = ()) -> list[str]:
        """About a state that is as before, but for what is named."""
        return complaints(attack, DDL, BEFORE, State(Look(Counter(rows), rank), list(seen), list(verdict)))

    def test_nothing_happened(self) -> None:
        self.assertEqual(self.complaints(script()), [])
        self.assertEqual(self.complaints(script(), rows=(*BEFORE.rows, "s.a|(3)")), [])

    def test_a_row_went(self) -> None:
        self.assertEqual(self.complaints(script(), rows=("s.a|(1)", "m.mine|(1)")), ["a row is gone or changed: s.a|(2)"])
        self.assertEqual(self.complaints(script(), rows=("s.a|(1)", "s.a|(9)", "m.mine|(1)")),
                         ["a row is gone or changed: s.a|(2)"])
        self.assertEqual(self.complaints(script(may_change=("s.a",)), rows=("m.mine|(1)",)), [])

    def test_somebody_gained(self) -> None:
        self.assertEqual(self.complaints(script(), rank=frozenset(["role|attacker|t"])), ["somebody gained: role|attacker|t"])

    def test_code_ran_as_another(self) -> None:
        self.assertEqual(self.complaints(script(), seen=("attacker|trigger", "postgres|index")),
                         ["a user's code ran as somebody else: postgres|index"])

    def test_findings(self) -> None:
        self.assertEqual(self.complaints(script("modified"), verdict=("modified|s.a|Row 1",)), [])
        self.assertEqual(self.complaints(script("modified")), ["verify does not find modified"])
        self.assertEqual(self.complaints(script(), verdict=("modified|s.a|Row 1",)), ["verify finds modified|s.a|Row 1"])

    def test_what_a_script_of_the_kind_caught_foresees(self) -> None:
        foresees = replace(script(), complains=("verify finds", "a row"))
        self.assertEqual(unforeseen(foresees, ["a row is gone", "verify finds x", "verify finds y"]), [])
        self.assertEqual(unforeseen(foresees, ["a row is gone", "it says"]), ["it says", "nothing begins with: verify finds"])
        self.assertEqual(unforeseen(script(), ["a row is gone"]), ["a row is gone"])


if __name__ == "__main__":
    unittest.main()
