#!/usr/bin/env python3
"""What src/pg says of PostgreSQL by hand, compared with the headers of the version at hand: numbers that have their
name in C behind them, functions and variables declared `extern`, and structs laid out as in C. A C compiler judges.
Started by tools/test.sh, with pg_config as its argument.
"""
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from harness import suite
from harness.counting import Count

SOURCES = Path(__file__).resolve().parents[2] / "src"

# A number, and its name in C: `const DEPEND: Oid = Oid::from_u32(2608); // DependRelationId`
NUMBER = re.compile(r"(?:= |^ +)(?:pg_sys::Oid::from_u32\()?(\d+)\)?[;,] +// (\w+)$")
EXTERN = re.compile(r'unsafe extern "C(?:-unwind)?" \{\n(.*?)\n\}', re.S)
FUNCTION = re.compile(r"((?:^ *///[^\n]*\n)+)((?: *#\[[^\n]*\n)*) *pub(?:\([a-z]+\))? (?:safe )?fn (\w+)\((.*?)\)(?: -> ([^;]+))?;", re.S | re.M)
VARIABLE = re.compile(r"((?:^ *///[^\n]*\n)+)((?: *#\[[^\n]*\n)*) *(?:pub(?:\([a-z]+\))? )?static (?:mut )?(\w+): ([^;]+);", re.M)
LINK_NAME = re.compile(r'link_name = "(\w+)"')
# `/// utils/elog.h: reads a variable.` and the struct's "`FmgrBuiltin` of utils/fmgrtab.h."
HEADER = re.compile(r"\b([a-z]+/\w+\.h|\w+\.h)\b")
STRUCT = re.compile(r"/// `(?:struct )?(\w+)` of (\S+\.h)\b[^\n]*\n((?:///[^\n]*\n|#\[[^\n]*\n)*)struct \w+ \{\n(.*?)\n\}", re.S)
FIELD = re.compile(r"((?:^ *#\[[^\n]*\n)*)^ *(\w+): ([^,]+),(?: +// (\w+))?$", re.M)
ARRAY = re.compile(r"\[(\w+); (\d+)\]")
FEATURE = re.compile(r'feature = "pg(\d+)"')

# The headers of numbers, which have their names alone.
CATALOGS = ["depend", "inherits", "constraint", "rewrite", "policy", "index", "language", "namespace", "trigger",
            "statistic", "statistic_ext_data", "description", "shdescription", "largeobject", "largeobject_metadata",
            "attribute", "enum"]
TYPES = {"c_int": "int", "c_char": "char", "f64": "double", "f32": "float", "i16": "int16", "i32": "int32",
         "u32": "uint32", "c_void": "void", "bool": "bool"}


def abi() -> list[Count]:
    """One test for each thing that is said."""
    pg_config = sys.argv[1]
    version = int(re.search(r"(\d+)", _ask(pg_config, "--version"))[1])
    include = _ask(pg_config, "--includedir-server")
    count = Count("abi")
    for file in sorted(SOURCES.rglob("*.rs")):
        for what, headers, claim in _claims(file.read_text(), version):
            wrong = _judge(include, headers, claim)
            count.add(not wrong)
            if wrong:
                print(f"{file.relative_to(SOURCES.parent)}: {what} is not so on {version}:\n{wrong}")
    return [count]


def _ask(pg_config: str, what: str) -> str:
    return subprocess.run([pg_config, what], capture_output=True, text=True, check=True).stdout.strip()


Claim = tuple[str, list[str], str]


def _claims(text: str, version: int) -> Iterator[Claim]:
    yield from _numbers(text, version)
    for block in EXTERN.findall(text):
        for comment, attributes, name, arguments, answer in FUNCTION.findall(block):
            written = [_c(kind) for kind in _kinds(arguments)]
            kind = f"{_c(answer or 'void')} ({', '.join(written) or 'void'})"
            yield name, _headers(comment), f"__builtin_types_compatible_p(__typeof__({_linked(name, attributes)}), {kind})"
        for comment, attributes, name, kind in VARIABLE.findall(block):
            if not kind.startswith("["):
                linked = _linked(name, attributes)
                yield name, _headers(comment), f"__builtin_types_compatible_p(__typeof__({linked}), {_c(kind)})"
    yield from _structs(text, version)


def _numbers(text: str, version: int) -> Iterator[Claim]:
    before = ""
    for line in text.splitlines():
        if (found := NUMBER.search(line)) and _is_of(before, version):
            yield found[2], [f"catalog/pg_{name}.h" for name in CATALOGS], f"{found[2]} == {found[1]}"
        before = line


def _structs(text: str, version: int) -> Iterator[Claim]:
    for name, header, attributes, body in STRUCT.findall(text):
        if not _is_of(attributes, version):
            continue
        fields = [field for attribute, *field in FIELD.findall(body) if _is_of(attribute, version)]
        ours = " ".join(f"{_c(kind)} {field};" for field, kind, _ in fields)
        for field, _, named in fields:
            claim = f"offsetof(struct {{ {ours} }}, {field}) == offsetof({name}, {named or field})"
            yield f"{name}.{field}", [header], claim


def _is_of(attribute: str, version: int) -> bool:
    """Whether what has this attribute is compiled for a version."""
    named = FEATURE.findall(attribute)
    return not named or (str(version) in named) != ("not(" in attribute)


def _headers(comment: str) -> list[str]:
    found = HEADER.search(comment)
    if not found:
        raise ValueError(f"no header is named: {comment}")
    return [found[1]]


def _linked(name: str, attributes: str) -> str:
    found = LINK_NAME.search(attributes)
    return found[1] if found else name


def _kinds(arguments: str) -> list[str]:
    parts = [part.strip() for part in arguments.split(",") if part.strip()]
    return [part.split(":", 1)[1] if ":" in part and part != "..." else part for part in parts]


def _c(kind: str) -> str:
    """A type of Rust's as C writes it."""
    kind = kind.strip()
    if kind == "...":
        return kind
    if kind.startswith("*mut "):
        return f"{_c(kind[5:])} *"
    if kind.startswith("*const "):
        return f"const {_c(kind[7:])} *"
    if array := ARRAY.fullmatch(kind):
        return f"__typeof__({_c(array[1])} [{array[2]}])"
    kind = kind.replace("pgrx::", "").replace("pg_sys::", "").removesuffix("::Type")
    return TYPES.get(kind, kind)


def _judge(include: str, headers: list[str], claim: str) -> str:
    # GSSAPI's headers need not be there, and what depends on them in a struct stands behind what is read of it.
    source = '#include "postgres.h"\n#undef ENABLE_GSS\n'
    source += "".join(f'#include "{header}"\n' for header in headers)
    # Not every catalog has a header in every version.
    source = re.sub(r'#include "(catalog/.*)"', r'#if __has_include("\1")\n#include "\1"\n#endif', source)
    source += f'_Static_assert({claim}, "");\n'
    run = subprocess.run(["gcc", "-fsyntax-only", "-x", "c", "-I", include, "-I", f"{include}/..", "-"], input=source,
                         capture_output=True, text=True)
    return run.stderr if run.returncode else ""


if __name__ == "__main__":
    suite.run(abi)
