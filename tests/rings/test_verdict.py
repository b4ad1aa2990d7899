"""What each expectation lets pass, and what it complains of."""
import unittest

from harness.attempt import DONE, Outcome
from harness.ring import DDL, PRELOAD
from rings.verdict import complaint
from rings.way import Expect

REFUSED, WHOLE, RECORDED = "42501: cannot", "whole", "whole, recorded retire rings.t"
LOST, FOUND, FAILS = "1 of 9 rows lost", "1 of 9 rows lost, found missing: x", "VERIFY FAILS: XX000: x"

CASES = (
    # expect, said, state; the complaint in ring 2, and in ring 3
    (Expect.REFUSE, REFUSED, WHOLE, None, None),
    (Expect.REFUSE, DONE, WHOLE, "not refused", "not refused"),
    (Expect.REFUSE, REFUSED, LOST, "not whole", "not whole"),
    (Expect.REFUSE, REFUSED, "unknown", "not whole", "not whole"),
    (Expect.ALLOW, DONE, WHOLE, None, None),
    (Expect.ALLOW, DONE, LOST, "not whole", "not whole"),
    (Expect.ALLOW, REFUSED, WHOLE, "refused", "refused"),
    (Expect.HARMLESS, DONE, WHOLE, None, None),
    (Expect.HARMLESS, REFUSED, WHOLE, None, None),
    (Expect.HARMLESS, DONE, FOUND, "not whole", "not whole"),
    (Expect.RECORD, DONE, RECORDED, None, None),
    (Expect.RECORD, DONE, WHOLE, "not recorded", "not recorded"),
    (Expect.RECORD, DONE, f"{FOUND}, recorded x", "not whole", "not whole"),
    (Expect.RECORD, REFUSED, WHOLE, "refused", "refused"),
    (Expect.RING3, REFUSED, WHOLE, None, None),
    (Expect.RING3, DONE, FOUND, None, "not refused"),
    (Expect.RING3, DONE, LOST, "not found", "not refused"),
    (Expect.RING3, DONE, FAILS, "not found", "not refused"),
    (Expect.RING3, REFUSED, FOUND, None, "not whole"),
    (Expect.LOUD, DONE, FAILS, None, "not refused"),
    (Expect.LOUD, DONE, WHOLE, "not found", "not refused"),
    (Expect.MOOT, DONE, WHOLE, None, "not refused"),
    (Expect.MOOT, DONE, LOST, None, "not refused"),
    (Expect.HARMLESS, "CRASH: server closed the connection", "unknown", "crash", "crash"),
    (Expect.MOOT, "CRASH: server closed the connection", "unknown", "crash", "crash"),
)


class Verdict(unittest.TestCase):
    """Both rings."""

    def test_complaints(self) -> None:
        for expect, said, state, ddl, preload in CASES:
            outcome = Outcome(said, state)
            with self.subTest(expect=expect, said=said, state=state):
                self.assertEqual(complaint(expect, DDL, outcome), ddl)
                self.assertEqual(complaint(expect, PRELOAD, outcome), preload)


if __name__ == "__main__":
    unittest.main()
