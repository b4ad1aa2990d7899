"""How `ways` is read."""
import tempfile
import unittest
from pathlib import Path

from rings.way import Expect, Heading, Role, Way, read


class Ways(unittest.TestCase):
    """A file of a test's own."""

    def read(self, text: str) -> list[Way | Heading]:
        """What is in it."""
        with tempfile.NamedTemporaryFile("w", prefix="ways") as file:
            file.write(text)
            file.flush()
            return list(read(Path(file.name)))

    def test_ways_and_headings(self) -> None:
        ways = self.read("# said\n\n== Changing rows\nos refuse UPDATE t; DELETE FROM t\ng allow! VACUUM t\n")
        self.assertEqual(ways, [
            Heading("Changing rows"),
            Way(4, (Role.OWNER, Role.SUPERUSER), Expect.REFUSE, True, "UPDATE t; DELETE FROM t"),
            Way(5, (Role.GRANTEE,), Expect.ALLOW, False, "VACUUM t"),
        ])

    def test_mistakes_are_named(self) -> None:
        for mistake in ("x refuse DROP TABLE t", "o forbid DROP TABLE t", "o refuse"):
            with self.subTest(mistake), self.assertRaisesRegex(ValueError, ":2: "):
                self.read(f"\n{mistake}\n")


if __name__ == "__main__":
    unittest.main()
