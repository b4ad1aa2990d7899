#!/usr/bin/env python3
"""Checks the repository's Markdown: lines of at most 120 characters, and relative links that lead somewhere.

    tests/lint/markdown.py [FILE...]        without a FILE: every one there is

Code and tables may be wider, and so may a link that has a line to itself: these cannot be broken. A link must name a
file or a folder that exists and, where it has one, the anchor of a heading in it.
"""
import os
import pathlib
import re
import sys
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
WIDTH = 120
# Nobody writes these folders by hand.
SKIPPED = {".git", "target", "results", "log", "tmp_check"}
# Wider, each for its reason. Their links are checked like the others'.
WIDER = {
    ROOT / "bench" / "RESULTS.md": "`make bench` writes it, a paragraph a line",
}

FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
INDENTED = re.compile(r"(?: {4}|\t)\s*\S")
TABLE = re.compile(r"\s*\|")
ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s")
HEADING = re.compile(r"#{1,6}\s+(.*?)\s*#*$")
CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
LINK = re.compile(r"\]\(\s*<?([^\s<>()]*(?:\([^\s()]*\)[^\s<>()]*)*)>?(?:\s+\"[^\"]*\")?\s*\)")
DEFINITION = re.compile(r"\s{0,3}\[[^\]]+\]:\s*<?([^\s>]+)>?")
WORD = re.compile(r"\s*(?:(?:[-*+]|\d+[.)]|>)\s+)*\S+\s*")
EXTERNAL = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.I)


def markdown_files():
    """Every Markdown file of the repository, but for what was generated."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(name for name in folders if name not in SKIPPED)
        yield from (pathlib.Path(folder) / name for name in sorted(names) if name.endswith(".md"))


def prose(text):
    """The numbered lines that are neither in a code block nor the fence of one."""
    fence, after_text, in_list = None, False, False
    for number, line in enumerate(text.splitlines(), 1):
        marker = FENCE.fullmatch(line)
        if fence:
            if marker and marker[1].startswith(fence) and not marker[2].strip():
                fence = None
            continue
        if marker:
            fence, after_text = marker[1], False
            continue
        # Four spaces make code only where they neither continue a paragraph nor belong to a list.
        if INDENTED.match(line) and not after_text and not in_list:
            continue
        after_text = bool(line.strip())
        if after_text and not line[0].isspace():
            in_list = bool(ITEM.match(line))
        yield number, line


def too_wide(line):
    """Whether a line is longer than it may be, and could be broken."""
    return len(line) > WIDTH and not TABLE.match(line) and not DEFINITION.match(line) and not WORD.fullmatch(line)


def slug(heading):
    """The anchor that GitHub gives a heading."""
    shown = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[^\w\- ]", "", shown.lower()).replace(" ", "-")


def anchors(text):
    """Every anchor of a document; the second heading of a name gets "-1"."""
    seen = {}
    for _, line in prose(text):
        if heading := HEADING.match(line):
            name = slug(heading[1])
            nth = seen.get(name, 0)
            seen[name] = nth + 1
            yield f"{name}-{nth}" if nth else name


def links(line):
    """What the links of a line point at, code left aside."""
    shown = CODE_SPAN.sub("", line)
    if definition := DEFINITION.match(shown):
        yield definition[1]
    yield from LINK.findall(shown)


def broken(link, path):
    """Why a link of the document at `path` leads nowhere, or None."""
    if EXTERNAL.match(link):
        return None
    name, _, anchor = urllib.parse.unquote(link).partition("#")
    target = path.parent / name if name else path
    if not target.exists():
        return f"there is no {name}"
    if anchor and target.suffix == ".md" and anchor not in anchors(target.read_text(encoding="utf-8")):
        return f"{target.name} has no heading for #{anchor}"
    return None


def complaints(path):
    """What is wrong with one document, as (line, text)."""
    wide = False
    for number, line in prose(path.read_text(encoding="utf-8")):
        if too_wide(line):
            wide = True
            if path not in WIDER:
                yield number, f"{len(line)} characters, more than {WIDTH}"
        for link in links(line):
            if reason := broken(link, path):
                yield number, f"the link to {link} is broken: {reason}"
    if path in WIDER and not wide:
        yield 1, "excepted from the width, and need not be"


def main(names):
    """Prints each complaint as FILE:LINE: text; fails if there is one, or no document."""
    paths = [pathlib.Path(name).resolve() for name in names] or list(markdown_files())
    found = [(path, *complaint) for path in paths for complaint in complaints(path)]
    for path, number, text in found:
        print(f"{os.path.relpath(path)}:{number}: {text}")
    print(f"{len(paths)} Markdown files, {len(found)} complaints")
    return not paths or bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
