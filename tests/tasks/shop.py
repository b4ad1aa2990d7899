"""A ring's server, where each task is done in a database of its own."""
from __future__ import annotations

import subprocess
import tempfile
from itertools import groupby
from pathlib import Path

from harness import sight
from harness.cluster import Database
from harness.psql import PsqlError, Session
from harness.ring import Ring
from harness.stage import STATE, Stage
from tasks.task import Task

HERE = Path(__file__).parent
PATIENCE = 180      # seconds


class Shop:
    """A server."""

    def __init__(self, ring: Ring) -> None:
        self.ring = ring
        self._stage = Stage(HERE, ring)

    def __enter__(self) -> Shop:
        self._stage.__enter__()
        return self

    def __exit__(self, *reason: object) -> None:
        self._stage.__exit__(*reason)

    def do(self, task: Task) -> list[str]:
        """Does one, and says what is not as the documents have it."""
        database = self._stage.database()
        before = sight.rows(database)
        said = self._type(task, database)
        states = STATE.findall(said)
        wrong = [f"the answer is {' / '.join(states) or 'works'}: {said.strip()}"] if states[:1] != task.state.split() else []
        try:
            gone = [row for row in (before - sight.rows(database)).elements() if row.split("|")[0] not in task.may_change]
            found = sight.findings(database)
        except PsqlError as error:
            return [*wrong, f"nobody can look any more: {error}"]
        wrong += [f"a row is gone or changed: {row}" for row in gone]
        wrong += [f"verify finds {line}" for line in found if line.split("|")[0] not in task.findings]
        wrong += [f"verify does not find {kind}" for kind in task.findings - {line.split("|")[0] for line in found}]
        self._stage.drop(database)
        return wrong

    def _type(self, task: Task, database: Database) -> str:
        """All that is answered with an error."""
        said = ""
        with tempfile.TemporaryDirectory(prefix="audit_task.") as folder:
            for is_shell, steps in groupby(task.steps, lambda step: step.is_shell):
                text = "".join(f"{step.text}\n" for step in steps)
                if is_shell:
                    variables = {"DB": database.name, "TMP": folder, "PGOPTIONS": ""}
                    run = subprocess.run(["bash", "-euo", "pipefail", "-c", text], env=database.environment | variables,
                                         cwd=folder, capture_output=True, text=True, timeout=PATIENCE)
                    # A tool does not tell the SQLSTATE.
                    said += f"{run.stdout}{run.stderr}ERROR:  shell: {run.returncode}\n" if run.returncode else ""
                else:
                    said += Session(database, text, task.role, VERBOSITY="verbose").answer(PATIENCE).err
        return said
