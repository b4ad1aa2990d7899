"""How many tests passed and failed."""
from __future__ import annotations

import unittest
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Count:
    """The tests of a suite. Its text is what tools/test.sh adds up."""

    suite: str
    passed: int = 0
    failed: int = 0

    def add(self, good: bool) -> None:
        """One more."""
        if good:
            self.passed += 1
        else:
            self.failed += 1

    @property
    def good(self) -> bool:
        """Nothing failed; and a suite without a test has failed."""
        return self.failed == 0 and self.passed > 0

    def __str__(self) -> str:
        return f"{self.suite}: {self.passed} passed, {self.failed} failed"


def unittests(suite: str, folder: Path) -> Count:
    """Runs the test_*.py of a folder. A skipped test counts as neither."""
    runner = unittest.TextTestRunner(verbosity=2)
    runner.resultclass = _Result        # type: ignore[assignment]  # its parameter is of no use here
    result = runner.run(unittest.TestLoader().discover(str(folder)))
    assert isinstance(result, _Result)
    return Count(suite, result.passed, len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses))


class _Result(unittest.TextTestResult):
    """Counts those that passed, too: the rest are not all the others, since a test may fail more than once."""

    passed = 0

    def addSuccess(self, test: unittest.TestCase) -> None:     # noqa: N802  # its name
        super().addSuccess(test)
        self.passed += 1
