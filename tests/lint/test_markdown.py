#!/usr/bin/env python3
"""tests/lint/markdown.py: a broken sample is complained of, line by line, and a sound one is not."""
import pathlib
import subprocess
import sys
import tempfile
import unittest
import unittest.mock

sys.dont_write_bytecode = True              # nothing is left behind in the checkout
import markdown  # noqa: E402

LONG = "word " * 24 + "w"                     # 121 characters

BROKEN = f"""\
# A sample that is wrong

{LONG}

A [file](missing.md) that is not there, a [heading](#nowhere) that is not here, [one](other.md#nowhere) that
is not there either, and a picture: ![none](none.svg).

- an item
    that goes on, {LONG}

[defined]: gone/at/all.md
"""

SOUND = f"""\
# A sample that is right

{LONG[:-1].rstrip()}
See [the other](other.md), [its heading](other.md#the-second-one-2), [this one](#a-sample-that-is-right), [the
folder](folder), `[code](missing.md)` and
[elsewhere](https://example.org/{'x' * 120}).

- https://example.org/{'x' * 120}

[defined]: https://example.org/{'x' * 120}

| a table | {LONG} |
|---|---|

    {LONG} [code](missing.md)

```text
{LONG} [code](missing.md)
```

````markdown
```
{LONG}
````
"""

OTHER = """\
# Other

## The second one: `2`

## Twice

## Twice
"""


class Documents(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "folder").mkdir()
        self.document("other.md", OTHER)

    def document(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def complaints(self, text):
        return list(markdown.complaints(self.document("sample.md", text)))

    def test_a_broken_sample_is_complained_of(self):
        self.assertEqual(self.complaints(BROKEN), [
            (3, "121 characters, more than 120"),
            (5, "the link to missing.md is broken: there is no missing.md"),
            (5, "the link to #nowhere is broken: sample.md has no heading for #nowhere"),
            (5, "the link to other.md#nowhere is broken: other.md has no heading for #nowhere"),
            (6, "the link to none.svg is broken: there is no none.svg"),
            (9, "139 characters, more than 120"),
            (11, "the link to gone/at/all.md is broken: there is no gone/at/all.md"),
        ])

    def test_a_sound_sample_is_not(self):
        self.assertEqual(self.complaints(SOUND), [])

    def test_a_second_heading_of_a_name_has_an_anchor_of_its_own(self):
        self.assertEqual(self.complaints("[first](other.md#twice), [second](other.md#twice-1)\n"), [])
        self.assertEqual(len(self.complaints("[third](other.md#twice-2)\n")), 1)

    def test_what_follows_an_unclosed_fence_is_code(self):
        self.assertEqual(self.complaints(f"```\n{LONG}\n"), [])

    def test_characters_are_counted_and_not_bytes(self):
        self.assertEqual(self.complaints("é " + "é" * 118 + "\n"), [])
        self.assertEqual(len(self.complaints("é " + "é" * 119 + "\n")), 1)

    def test_an_exception_must_be_needed(self):
        path = self.folder / "sample.md"
        with unittest.mock.patch.dict(markdown.WIDER, {path: "a reason"}):
            self.assertEqual(self.complaints(LONG + "\n"), [])
            self.assertEqual(self.complaints("short\n"), [(1, "excepted from the width, and need not be")])

    def test_the_command_says_where_and_fails(self):
        script = pathlib.Path(markdown.__file__)
        for text, status, said in (BROKEN, 1, "sample.md:3: 121 characters"), (SOUND, 0, "1 Markdown files, 0 complaints"):
            run = subprocess.run([sys.executable, script, self.document("sample.md", text)],
                                 text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            self.assertEqual(run.returncode, status, run.stdout)
            self.assertIn(said, run.stdout)

    def test_without_a_name_every_document_of_the_repository_is_checked(self):
        names = {path.relative_to(markdown.ROOT).as_posix() for path in markdown.markdown_files()}
        self.assertLessEqual({"README.md", "CHANGELOG.md", "docs/THREATS.md", "bench/RESULTS.md"}, names)
        self.assertFalse([name for name in names if name.startswith("target/")])


if __name__ == "__main__":
    unittest.main()
