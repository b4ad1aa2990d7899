"""JDBC, with Debian's driver. It speaks to networks alone, so it gets a port of its own that leads to the server's socket."""
from __future__ import annotations

import os
import shutil
import socket
import socketserver
import subprocess
import threading
import unittest
from pathlib import Path

from clients.database import DatabaseCase
from clients.places import HERE

DRIVER = Path("/usr/share/java/postgresql.jar")


class _ToSocket(socketserver.BaseRequestHandler):
    """A connection that is passed on to the server's socket."""

    def handle(self) -> None:
        with socket.socket(socket.AF_UNIX) as server:
            server.connect(f"{os.environ['PGHOST']}/.s.PGSQL.{os.environ['PGPORT']}")
            back = threading.Thread(target=self._pass, args=(server, self.request))
            back.start()
            self._pass(self.request, server)
            back.join()

    @staticmethod
    def _pass(source: socket.socket, target: socket.socket) -> None:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


@unittest.skipUnless(shutil.which("javac") and DRIVER.exists(), "there is no JDK, or no driver")
class Jdbc(DatabaseCase):
    """Its own program, which counts as one."""

    def test_jdbc(self) -> None:
        """java/Jdbc.java, with batches as they are and rewritten."""
        with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _ToSocket) as port:
            threading.Thread(target=port.serve_forever, daemon=True).start()
            for rewritten in ("false", "true"):
                with self.subTest(reWriteBatchedInserts=rewritten):
                    url = (f"jdbc:postgresql://127.0.0.1:{port.server_address[1]}/{self.database}"
                           f"?reWriteBatchedInserts={rewritten}")
                    run = subprocess.run(["java", "-cp", str(DRIVER), str(HERE / "java" / "Jdbc.java"), url], text=True,
                                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                    self.assertEqual(run.returncode, 0, run.stdout)
                    self.assert_intact("log", 53)
                    self.run_sql("SELECT audit_immutable.retire('log', 'once more'); DROP TABLE log")
            port.shutdown()
