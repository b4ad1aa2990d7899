"""Node.js: node-postgres, and ORMs on it."""
from __future__ import annotations

import os
import shutil
import subprocess
import unittest

from clients.database import DatabaseCase
from clients.places import HERE, NODE


@unittest.skipUnless(shutil.which("node"), "there is no Node.js")
class Node(DatabaseCase):
    """Its own tests, of which it counts each file as one."""

    def test_pg(self) -> None:
        """node/pg.test.mjs"""
        self._run("pg", 3)
        self.assert_intact("log", 41)

    def test_orms(self) -> None:
        """node/orms.test.mjs"""
        self._run("orms", 3)

    def _run(self, name: str, passed: int) -> None:
        environment = os.environ | {"PGDATABASE": self.database, "CLIENTS_NODE": str(NODE)}
        run = subprocess.run(["node", "--test", str(HERE / "node" / f"{name}.test.mjs")], env=environment, text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertIn(f"# pass {passed}", run.stdout)
