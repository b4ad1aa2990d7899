"""What is checked, one line each."""
from __future__ import annotations

from harness.counting import Count


class Judge:
    """Counts what is so and what is not, and says the latter."""

    def __init__(self, count: Count) -> None:
        self._count = count

    def equal(self, name: str, found: object, wanted: object) -> None:
        """What was found must be what is wanted."""
        self.true(name, found == wanted, f"found {found!r}, wanted {wanted!r}")

    def true(self, name: str, good: bool, why: str = "") -> None:
        """It must be so."""
        self._count.add(good)
        print(f"{'ok    ' if good else 'FAILED'} {name}{'' if good else ': ' + why}")
