"""A ring's server, where each task is done in a database of its own."""
from __future__ import annotations

import re
import subprocess
import tempfile
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path

from harness import cluster, psql, sight, signing
from harness.cluster import Database
from harness.psql import PsqlError, Session
from harness.ring import Ring
from tasks.task import Task

HERE = Path(__file__).parent
PATIENCE = 180      # seconds
STATE = re.compile(r"(?:ERROR|FATAL|PANIC):  (\w{5}):")


class Shop:
    """A server."""

    def __init__(self, ring: Ring) -> None:
        self.ring = ring
        self._count = 0
        self._stack = ExitStack()

    def __enter__(self) -> Shop:
        key = signing.new_key(Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="audit_key."))))
        conf = (HERE / "postgresql.conf").read_text()
        settings = f"shared_preload_libraries = '{self.ring.preload}'\naudit_immutable.signing_key_file = '{key}'\n"
        self._cluster = self._stack.enter_context(cluster.running(f"{conf}\n{settings}"))
        psql.load(self._cluster, HERE / "roles.sql")
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def do(self, task: Task) -> list[str]:
        """Does one, and says what is not as the documents have it."""
        database = self._database()
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
        psql.query(self._cluster, f"DROP DATABASE {database.name} WITH (FORCE)")
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

    def _database(self) -> Database:
        self._count += 1
        database = self._cluster.database(f"app_{self._count}")
        psql.query(self._cluster, f"CREATE DATABASE {database.name} TEMPLATE template0")
        psql.load(database, HERE / "setup.sql")
        return database
