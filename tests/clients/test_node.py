"""Node.js: node-postgres."""
from __future__ import annotations

import os
import shutil
import subprocess
import unittest

from clients.database import DatabaseCase
from clients.places import HERE, NODE


@unittest.skipUnless(shutil.which("node"), "there is no Node.js")
class Node(DatabaseCase):
    """Its own tests, which it counts as one."""

    def test_pg(self) -> None:
        """node/pg.test.mjs"""
        environment = os.environ | {"PGDATABASE": self.database, "CLIENTS_NODE": str(NODE)}
        run = subprocess.run(["node", "--test", str(HERE / "node" / "pg.test.mjs")], env=environment, text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertIn("# pass 3", run.stdout)
        self.assert_intact("log", 41)
