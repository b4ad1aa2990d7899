"""Which file of a Rust crate imports from which: `use` items and paths in the text, without a compiler.

Good enough for this repository's own style: no macro makes an import, and no string or `#[path]` hides one.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

Path_ = tuple[str, ...]  # a Rust path: ("crate", "log", "plan", "of") is written without "crate"

NOISE = re.compile(
    r"""//[^\n]* | /\*.*?\*/ | r(\#*)".*?"\1 | "(?:\\.|[^"\\])*" | '(?:\\.[^']*|[^'\\])'""",
    re.VERBOSE | re.DOTALL,
)
_TOKEN = re.compile(
    r"\b(?:pub(?:\([^)]*\))?\s+)?use\s+(?P<use>[^;]*);"
    r"|\bmod\s+(?P<inline>\w+)\s*\{"
    r"|(?P<path>(?<![\w:$])\w+(?:::\w+)+)"
    r"|(?P<open>\{)|(?P<close>\})"
)


def _use_paths(tree: str, before: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    """The paths of a use tree, each with the name it is known by here."""
    tree = tree.strip()
    if "{" not in tree:
        path, _, alias = tree.partition(" as ")
        names = tuple(name.strip() for name in path.split("::"))
        if names[-1] == "self":
            names = names[:-1]
        names = before + names
        yield names, alias.strip() or names[-1]
        return
    head, _, rest = tree.partition("{")
    before += tuple(name for name in head.strip().split("::") if name)
    depth, start, body = 0, 0, rest.rstrip().removesuffix("}")
    for at, letter in enumerate(body + ","):
        depth += (letter == "{") - (letter == "}")
        if letter == "," and depth == 0:
            if body[start:at].strip():
                yield from _use_paths(body[start:at], before)
            start = at + 1


@dataclass
class Source:
    """A file: its module, what it imports, and what its parent's readers get through it."""

    file: str
    module: Path_
    paths: set[Path_] = field(default_factory=set)
    re_exports: dict[str, Path_] = field(default_factory=dict)


class Crate:
    """The files of a crate and the arrows between them."""

    def __init__(self, root: Path) -> None:
        self.sources: dict[Path_, Source] = {}
        for path in sorted(root.rglob("*.rs")):
            file = path.relative_to(root)
            module = file.with_suffix("").parts
            if module[-1] in ("mod", "lib", "main"):
                module = module[:-1]
            self.sources[module] = Source(str(file), module)
        for source in self.sources.values():
            self._read(source, (root / source.file).read_text())

    def _read(self, source: Source, text: str) -> None:
        children = {module[-1] for module in self.sources if module and module[:-1] == source.module}
        inline: list[str | None] = []  # one entry for each open brace: an inline module, or None
        for token in _TOKEN.finditer(NOISE.sub('""', text)):
            here = source.module + tuple(name for name in inline if name)
            if token["use"]:
                is_public = token[0].startswith("pub")
                for path, name in _use_paths(token["use"]):
                    if target := self._absolute(path, here, children):
                        if is_public:
                            source.re_exports[name] = target
                        else:
                            source.paths.add(target)
            elif token["path"]:
                if target := self._absolute(tuple(token["path"].split("::")), here, children):
                    source.paths.add(target)
            elif token["close"]:
                if inline:
                    inline.pop()
            else:
                inline.append(token["inline"])

    @staticmethod
    def _absolute(path: Path_, here: Path_, children: set[str]) -> Path_ | None:
        """The path from the crate's root; None for one of another crate, or of a local name."""
        first, *_ = path
        if first == "crate":
            return path[1:]
        if first == "self":
            return here + path[1:]
        if first in children:
            return here + path
        if first != "super":
            return None
        while path and path[0] == "super":
            path, here = path[1:], here[:-1]
        return here + path

    def _file_of(self, path: Path_, seen: frozenset[Path_] = frozenset()) -> Source:
        """The file that has the item, through re-exports."""
        for length in range(len(path), -1, -1):
            if source := self.sources.get(path[:length]):
                if length < len(path) and path not in seen:
                    if target := source.re_exports.get(path[length]):
                        return self._file_of(target + path[length + 1 :], seen | {path})
                return source
        raise ValueError(f"the crate has no root for {'::'.join(path)}")

    def arrows(self) -> dict[str, set[str]]:
        """By file, the files it imports from."""
        arrows: dict[str, set[str]] = {}
        for source in self.sources.values():
            targets = {self._file_of(path).file for path in source.paths}
            arrows[source.file] = targets - {source.file}
        return arrows
