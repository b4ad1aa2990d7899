"""Types the README's tour into psql and compares every answer.

A block of the tour is fenced as psql: a line that begins with "=> " is typed, what follows is what psql answered.
Times, hashes and identifiers differ from run to run and are compared by their shape.
"""
from __future__ import annotations

import re
import subprocess
from pathlib import Path

from harness.cluster import Cluster
from harness.counting import Count
from harness.golden import Mask, masked

README = Path(__file__).resolve().parents[2] / "README.md"
BLOCK = re.compile(r"(?<=^```psql\n).*?(?=^```$)", re.M | re.S)
TYPED = re.compile(r"^=> (.*)\n", re.M)
END = "-- end of answer --"
SHAPES = (
    Mask(r"[0-9a-f]{64}", "<hash>"),
    Mask(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<uuid>"),
    Mask(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?(\+\d\d(:\d\d)?)?", "<time>"),
    Mask(r'"session":\d+', '"session":<number>'),
    Mask(r" +", " "),
    Mask(r"-+", "-"),
)


def tour(cluster: Cluster, write: bool) -> Count:
    """Goes on the tour; `write` writes down what psql answers."""
    text = README.read_text()
    blocks = BLOCK.findall(text)
    answers = iter(_type(cluster, [command for block in blocks for command in TYPED.findall(block)]))
    count = Count("tour")
    for block in blocks:
        now = ""
        for command, said in _steps(block):
            answer = next(answers)
            now += f"=> {command}\n{answer}\n"
            same = _shape(said) == _shape(answer)
            count.add(same)
            if not same:
                print(f"not what the README says: {command}\n--- README\n{said}\n--- psql\n{answer}\n")
        text = text.replace(block, now, 1)
    if write:
        README.write_text(text)
    return count


def _steps(block: str) -> list[tuple[str, str]]:
    """Each command with the answer that stands below it."""
    _, *parts = TYPED.split(block)
    return [(command, said.strip("\n")) for command, said in zip(parts[::2], parts[1::2], strict=True)]


def _shape(answer: str) -> str:
    return masked(answer, SHAPES).strip()


def _type(cluster: Cluster, commands: list[str]) -> list[str]:
    """What psql answers to each command of one session; both its outputs in their order."""
    script = "".join(f"{command}\n\\echo {END}\n" for command in commands)
    run = subprocess.run(["stdbuf", "-o0", "psql", "-X", "-P", "pager=off"], env=cluster.environment, input=script,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True)
    return [answer.strip("\n") for answer in run.stdout.split(f"{END}\n")[:-1]]
