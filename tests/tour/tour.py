#!/usr/bin/env python3
"""Types the README's tour into psql and compares every output; with --write, writes the outputs down.

A block of the tour is fenced as psql: a line that begins with "=> " is typed, what follows is what psql answered.
Times, hashes and identifiers differ from run to run and are compared by their shape.
"""
import pathlib
import re
import subprocess
import sys

README = pathlib.Path(__file__).resolve().parents[2] / "README.md"
BLOCK = re.compile(r"(?<=^```psql\n).*?(?=^```$)", re.M | re.S)
MARK = "-- end of answer --"
SHAPES = [
    (r"[0-9a-f]{64}", "<hash>"),
    (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<uuid>"),
    (r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?(\+\d\d(:\d\d)?)?", "<time>"),
    (r" +", " "),
    (r"-+", "-"),
]


def shape(text):
    for pattern, name in SHAPES:
        text = re.sub(pattern, name, text)
    return text


def answers(commands):
    """What psql answers to each command, typed into one session; both its outputs in their order."""
    script = "".join(f"{command}\n\\echo {MARK}\n" for command in commands)
    psql = ["stdbuf", "-o0", "psql", "-X", "-P", "pager=off"]
    run = subprocess.run(psql, input=script, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True)
    return run.stdout.split(MARK + "\n")[:-1]


def main():
    text = README.read_text(encoding="utf-8")
    blocks = BLOCK.findall(text)
    commands = [line[3:] for block in blocks for line in block.splitlines() if line.startswith("=> ")]
    answered = dict(zip(enumerate(commands), answers(commands), strict=True))
    numbered = iter(answered.items())
    written, failed, passed = text, 0, 0
    for block in blocks:
        now = ""
        # A command may be there twice, with another answer: each goes with what follows it.
        for typed in re.split(r"^=> ", block, flags=re.M)[1:]:
            (_, command), answer = next(numbered)
            now += f"=> {command}\n{answer.strip(chr(10))}\n"
            said = typed.removeprefix(f"{command}\n")
            if shape(said.strip()) == shape(answer.strip()):
                passed += 1
            else:
                failed += 1
                print(f"not what the README says: {command}\n--- README\n{said}\n--- psql\n{answer}")
        written = written.replace(block, now, 1)
    if "--write" in sys.argv[1:]:
        README.write_text(written, encoding="utf-8")
    print(f"tour: {passed} passed, {failed} failed")
    return failed > 0 or passed == 0


sys.exit(main())
