"""layers.py, lengths.py and unsafe.py on crates of their own, sound and not."""
from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import lengths
import unsafe
from imports import Crate
from layers import between_rooms, circles, upward

ORDER = ("lib", "high", "low")


def arrows(**files: str) -> dict[str, set[str]]:
    """The arrows of a crate: a__b stands for a/b.rs."""
    with tempfile.TemporaryDirectory() as root:
        for name, text in files.items():
            path = Path(root, name.replace("__", "/") + ".rs")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        return Crate(Path(root)).arrows()


class Imports(unittest.TestCase):
    def imported(self, text: str) -> set[str]:
        found = arrows(lib="", high__mod="", high__a=text, high__b="", low__mod="pub(crate) use c::C;", low__c="")
        return found["high/a.rs"]

    def test_use_trees(self) -> None:
        text = "use super::b::{self, Other};\nuse crate::low::{c::{D, E as F}, missing};"
        self.assertEqual(self.imported(text), {"high/b.rs", "low/c.rs", "low/mod.rs"})

    def test_paths_in_the_text(self) -> None:
        self.assertEqual(self.imported("fn f() { super::b::g(crate::low::c::D) }"), {"high/b.rs", "low/c.rs"})

    def test_a_macro_at_the_root(self) -> None:
        self.assertEqual(self.imported("crate::declare!(name);"), {"lib.rs"})

    def test_a_re_export_leads_to_what_it_stands_for(self) -> None:
        self.assertEqual(self.imported("use crate::low::C;"), {"low/c.rs"})

    def test_an_inline_module_is_part_of_its_file(self) -> None:
        self.assertEqual(self.imported("mod tests { use super::*; use super::super::b; }"), {"high/b.rs"})

    def test_other_crates_comments_and_texts_are_none(self) -> None:
        text = '// crate::low::c\nuse std::fmt;\nuse ledger::low::c;\nconst A: &str = "crate::low::c";'
        self.assertEqual(self.imported(text), set())

    def test_a_module_reaches_its_children_by_their_names(self) -> None:
        found = arrows(lib="mod high; fn f() { high::g() }", high__mod="mod a; fn g() { a::h() }", high__a="")
        self.assertEqual(found, {"lib.rs": {"high/mod.rs"}, "high/mod.rs": {"high/a.rs"}, "high/a.rs": set()})


class Layers(unittest.TestCase):
    def test_downward_is_right(self) -> None:
        found = arrows(lib="use crate::high;", high__mod="use crate::low;", low__mod="")
        self.assertEqual((upward(found, ORDER), circles(found)), ([], []))

    def test_upward_is_wrong(self) -> None:
        found = arrows(lib="", high__mod="", low__mod="", low__c="use crate::high::Thing;")
        self.assertEqual(upward(found, ORDER), ["low/c.rs imports from high/mod.rs, which is above it"])

    def test_a_room_without_a_place_is_wrong(self) -> None:
        self.assertEqual(upward(arrows(lib="", new__mod=""), ORDER), ["new has no place in the order of layers"])

    def test_a_circle_of_files(self) -> None:
        found = arrows(lib="", low__a="use super::b;", low__b="use super::c;", low__c="use super::a::A;")
        self.assertEqual(circles(found), [["low/a.rs", "low/b.rs", "low/c.rs"]])

    def test_a_circle_of_rooms_without_one_of_files(self) -> None:
        found = arrows(lib="", high__a="use crate::low::a;", high__b="", low__a="", low__b="use crate::high::b;")
        self.assertEqual((circles(found), circles(between_rooms(found))), ([], [["high", "low"]]))


class Lengths(unittest.TestCase):
    def test_short_files_are_right(self) -> None:
        self.assertEqual(lengths.problems({"a": 1, "b": 150, "c": 350}, {}), [])

    def test_a_long_file_is_wrong_unless_excepted(self) -> None:
        files = {"a": 1, "b": 1, "c": 351}
        self.assertEqual(lengths.problems(files, {"c": "a table"}), [])
        self.assertEqual(lengths.problems(files, {}), ["c has 351 lines, more than 350."])

    def test_files_of_some_length_throughout_are_wrong(self) -> None:
        self.assertEqual(
            lengths.problems({"a": 200, "b": 100}, {}) + lengths.problems({"a": 200, "b": 101}, {}),
            ["The median file has 150.5 lines, more than 150."],
        )

    def test_an_exception_that_need_not_be_is_wrong(self) -> None:
        self.assertEqual(
            lengths.problems({"a": 1}, {"a": "a table", "b": "gone"}),
            ["a is excepted and need not be.", "b is excepted and need not be."],
        )


class Unsafe(unittest.TestCase):
    def test_blocks_are_counted_and_words_are_not(self) -> None:
        text = '// unsafe {\nunsafe fn f() { unsafe { g() } }\nconst A: &str = "unsafe {"; let b = unsafe{ h() };'
        self.assertEqual(unsafe.blocks(text), 2)

    def test_too_many_away_from_home_are_wrong(self) -> None:
        limit = unsafe.LIMIT
        self.assertEqual(unsafe.problems({"pg/a.rs": 9 * limit, "storage/b.rs": limit, "log/c.rs": limit}), [])
        [problem] = unsafe.problems({"log/c.rs": limit, "tree/d.rs": 1})
        self.assertIn(f"{limit + 1} unsafe blocks", problem)


if __name__ == "__main__":
    unittest.main()
