"""errors.py on declarations and tables of its own."""
from __future__ import annotations

import unittest

from errors import declared, listed

SOURCE = '''
        /// A doc.
        Gone { table: String }:
            Code::ERRCODE_UNDEFINED_TABLE,
            "table \\"{table}\\" is gone",
            hint "Look for it.";

        Passed { message: String }:
            Code::ERRCODE_UNDEFINED_TABLE,
            "{message}";
'''
TABLE = "x\n## Errors\n\n| SQLSTATE | message | when |\n|---|---|---|\n| 42P01, 42704 | `table \"…\" is gone` | it is |\n\n## More\n"


class Errors(unittest.TestCase):
    def setUp(self) -> None:
        (self.gone,) = declared(SOURCE, {"ERRCODE_UNDEFINED_TABLE": "42P01"})

    def test_an_error_that_is_listed(self) -> None:
        self.assertTrue(any(map(self.gone.is_listed, listed(TABLE))))

    def test_another_message_or_state(self) -> None:
        for table in (TABLE.replace("is gone", "was gone"), TABLE.replace("42P01", "42P02")):
            self.assertFalse(any(map(self.gone.is_listed, listed(table))))


if __name__ == "__main__":
    unittest.main()
