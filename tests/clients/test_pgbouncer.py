"""PgBouncer in transaction mode: a few connections to the server, and many clients that take turns on them."""
from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg

from clients.database import DatabaseCase

PROGRAM = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin")
PORT = "6432"           # its socket is private, so any is free
PATIENCE = 30           # seconds to start
CLIENTS, ROWS, POOL = 12, 20, 3
SETTINGS = """
[databases]
* = host={host} port={port} user=postgres
[pgbouncer]
unix_socket_dir = {folder}
listen_port = {own}
auth_type = any
pool_mode = transaction
default_pool_size = {pool}
logfile = {folder}/log
"""


@unittest.skipUnless(PROGRAM, "there is no PgBouncer")
class PgBouncer(DatabaseCase):
    """Rows of all clients, each under the name of its own."""

    def setUp(self) -> None:
        super().setUp()
        self.folder = tempfile.mkdtemp(prefix="audit_pgbouncer.", dir="/tmp")
        self.addCleanup(shutil.rmtree, self.folder)
        settings = Path(self.folder) / "pgbouncer.ini"
        settings.write_text(SETTINGS.format(host=os.environ["PGHOST"], port=os.environ["PGPORT"], folder=self.folder,
                                            own=PORT, pool=POOL))
        process = subprocess.Popen([str(PROGRAM), "-q", str(settings)], stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        deadline = time.monotonic() + PATIENCE
        while not (Path(self.folder) / f".s.PGSQL.{PORT}").exists():
            self.assertTrue(process.poll() is None and time.monotonic() < deadline, "PgBouncer does not start")
            time.sleep(0.05)

    def client(self, number: int) -> None:
        """Writes its rows, every fifth transaction rolled back."""
        name = f"client {number}"
        with psycopg.connect(host=self.folder, port=PORT, dbname=self.database, application_name=name,
                             prepare_threshold=None) as connection:
            for row in range(ROWS):
                connection.execute("INSERT INTO log (who, n) VALUES (%s, %s)", (name, row))
                connection.execute("INSERT INTO other (who) VALUES (%s)", (name,))
                (connection.rollback if row % 5 == 4 else connection.commit)()

    def test_clients_take_turns(self) -> None:
        """Every row names who wrote it, and there are no more chains than connections."""
        self.run_sql("CREATE TABLE log (who text, n int) USING audit_immutable")
        self.run_sql("CREATE TABLE other (who text) USING audit_immutable")
        with ThreadPoolExecutor(CLIENTS) as threads:
            list(threads.map(self.client, range(CLIENTS)))
        rows = CLIENTS * ROWS * 4 // 5
        self.assert_intact("log", rows)
        self.assert_intact("other", rows)
        wrong = """SELECT count(*) FROM log LEFT JOIN audit_immutable.session AS s ON s.id = log.audit_session
            WHERE s.application_name IS DISTINCT FROM who"""
        self.assertEqual(self.run_sql(wrong), [(0,)])
        [(chains,)] = self.run_sql("SELECT chains FROM audit_immutable.verify('log')")
        self.assertLessEqual(int(str(chains)), POOL)
