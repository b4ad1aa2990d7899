"""The files of tasks are read as they are meant."""
import unittest

from tasks import document, task
from tasks.task import TaskError

HEAD = "== Rows\nBy anybody.\n\n"
WHOLE = f"""{HEAD}task: Change a row
as: app_owner
answer: refused 42501
way: Insert another.
verify: modified
rings: ring3
  UPDATE app.log SET a = 1 || 2;
  | SELECT 'not shown';
  $ vacuumdb $DB
"""


class Reading(unittest.TestCase):
    def test_a_task_is_read_whole(self):
        chapter = task.parse("rows", WHOLE)
        self.assertEqual((chapter.title, chapter.about), ("Rows", "By anybody."))
        [it] = chapter.tasks
        self.assertEqual((it.title, it.role, it.state, it.findings, it.rings),
                         ("Change a row", "app_owner", "42501", {"modified"}, {"ring3"}))
        self.assertEqual([(step.is_shell, step.is_shown) for step in it.steps], [(False, True), (False, False), (True, True)])

    def test_what_is_missing_or_unknown_is_told(self):
        for text in ("task: no heading\nanswer: works\n  SELECT", f"{HEAD}task: no answer\n  SELECT",
                     f"{HEAD}task: no way\nanswer: refused 42501\n  SELECT", f"{HEAD}task: nothing typed\nanswer: works",
                     f"{HEAD}task: a typing error\nanswers: works\n  SELECT", f"{HEAD}answer: works\n  SELECT"):
            with self.assertRaises(TaskError, msg=text):
                task.parse("rows", text)


class Writing(unittest.TestCase):
    def test_a_row_shows_what_is_typed_and_what_comes_of_it(self):
        text = document.written([task.parse("rows", WHOLE)])
        self.assertIn("| Change a row | `UPDATE app.log SET a = 1 \\|\\| 2;`<br>`vacuumdb $DB` "
                      "| refused (`42501`) with preload: Insert another. `verify` says `modified`. |", text)
        self.assertNotIn("not shown", text)


if __name__ == "__main__":
    unittest.main()
