"""What is taken from psql's words."""
import unittest
from dataclasses import dataclass

from harness.attempt import outcome_of
from harness.psql import Answer


@dataclass
class Case:
    """psql's two outputs, and what they mean."""

    out: str
    err: str
    said: str
    state: str = "whole"


CASES = (
    Case("1\nstate: whole\n", "", "done"),
    Case("state: whole\n", "psql:<stdin>:2: ERROR:  42501: cannot update audit table \"t\"\nDETAIL:  x\nLOCATION:  y\n",
         '42501: cannot update audit table "t"'),
    Case("state: whole\n", "psql:<stdin>:2: ERROR:  42501: a 16384\npsql:<stdin>:3: WARNING:  01000: pg_temp_3.b\n",
         "42501: a OID / 01000: pg_temp.b"),
    Case("state: whole\n", "psql:<stdin>:2: WARNING:  01006: no privileges could be revoked for \"t\"\n", "done"),
    Case("state: whole\n", "psql:<stdin>:2: NOTICE:  00000: drop cascades\n", "done"),
    Case("", "psql:<stdin>:2: server closed the connection unexpectedly\n\tThis probably means\n",
         "CRASH: server closed the connection unexpectedly", "unknown"),
    Case("", "psql: error: connection to server on socket failed: No such file\n",
         "CRASH: psql: error: connection to server on socket failed: No such file", "unknown"),
    Case('state: VERIFY FAILS: 58P01: "/tmp/x/plpgsql.so"\n', "", "done", 'VERIFY FAILS: 58P01: "plpgsql.so"'),
)


class Outcomes(unittest.TestCase):
    """Each case."""

    def test_outcomes(self) -> None:
        for case in CASES:
            with self.subTest(case.err):
                outcome = outcome_of(Answer(case.out, case.err))
                self.assertEqual((outcome.said, outcome.state), (case.said, case.state))


if __name__ == "__main__":
    unittest.main()
