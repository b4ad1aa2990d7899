"""Whether what happened is what `ways` says shall happen."""
from __future__ import annotations

from harness.attempt import Outcome
from harness.ring import PRELOAD, Ring
from rings.way import Expect

# What an attempt may do, and be found, where the library is not preloaded.
PRELOAD_ONLY = (Expect.RING3, Expect.LOUD, Expect.MOOT)


def complaint(expect: Expect, ring: Ring, outcome: Outcome) -> str | None:
    """What is wrong with an outcome, in a word or two; None if nothing is."""
    if outcome.crashed:
        return "crash"
    if expect in PRELOAD_ONLY and ring is not PRELOAD:
        # Of several statements the first may be done and a later one refused: then only the golden file judges.
        return _unnoticed(expect, outcome) if outcome.done else None
    if outcome.done and (expect is Expect.REFUSE or expect in PRELOAD_ONLY):
        return "not refused"
    if not outcome.done and expect in (Expect.ALLOW, Expect.RECORD):
        return "refused"
    if not outcome.whole:
        return "not whole"
    if expect is Expect.RECORD and "recorded" not in outcome.state:
        return "not recorded"
    return None


def _unnoticed(expect: Expect, outcome: Outcome) -> str | None:
    """What was done has to be found, or at least to make verify fail, unless it does not bear on the evidence."""
    noticed = "found " in outcome.state or (expect is Expect.LOUD and "FAILS" in outcome.state)
    return None if noticed or expect is Expect.MOOT else "not found"
