"""How a difference is shown."""
import unittest

from harness.golden import Mask, difference, masked

EXPECTED = """
== Changing rows
UPDATE t
    owner: refused
    superuser: refused
DELETE FROM t
    owner: refused
"""


class Difference(unittest.TestCase):
    """Against EXPECTED."""

    def test_nothing(self) -> None:
        self.assertEqual(difference(EXPECTED, EXPECTED), "")

    def test_a_line_stands_under_its_heading(self) -> None:
        printed = EXPECTED.replace("DELETE FROM t\n    owner: refused", "DELETE FROM t\n    owner: done")
        self.assertEqual(difference(EXPECTED, printed), "  DELETE FROM t\n-     owner: refused\n+     owner: done")

    def test_a_heading_that_came(self) -> None:
        printed = f"{EXPECTED}TRUNCATE t\n    owner: done\n"
        self.assertEqual(difference(EXPECTED, printed), "+ TRUNCATE t\n+     owner: done")

    def test_lines_that_went(self) -> None:
        printed = "\n== Changing rows\nUPDATE t\n    owner: refused\nDELETE FROM t\n"
        self.assertEqual(difference(EXPECTED, printed),
                         "  UPDATE t\n-     superuser: refused\n  DELETE FROM t\n-     owner: refused")


class Masks(unittest.TestCase):
    """Words for what differs from run to run."""

    def test_in_their_order(self) -> None:
        self.assertEqual(masked("oid 12345", [Mask(r"\d{5}", "OID"), Mask("OID", "an oid")]), "oid an oid")


if __name__ == "__main__":
    unittest.main()
