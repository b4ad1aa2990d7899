"""A database of a test's own, with the extension."""
from __future__ import annotations

import unittest

import psycopg


class DatabaseCase(unittest.TestCase):
    """Tests of a client, each in a new database, whose name the client is told."""

    def setUp(self) -> None:
        self.database = "client_" + self.id().rsplit(".", 1)[-1][:50].lower()
        with psycopg.connect(autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')
            server.execute(f'CREATE DATABASE "{self.database}"')
        self.run_sql("CREATE EXTENSION audit_immutable")

    def run_sql(self, statements: str) -> list[tuple[object, ...]]:
        """Runs them as the superuser; the rows of the last one."""
        with psycopg.connect(dbname=self.database, autocommit=True) as connection:
            cursor = connection.execute(statements)
            while cursor.nextset():
                pass
            return cursor.fetchall() if cursor.description else []

    def assert_intact(self, table: str, rows: int) -> None:
        """It has so many rows, in good order."""
        self.assertEqual(self.run_sql(f"SELECT intact, rows FROM audit_immutable.verify('{table}')"), [(True, rows)])

    def tearDown(self) -> None:
        found = self.run_sql("SELECT relation::text, first_finding FROM audit_immutable.verify() WHERE NOT intact")
        self.assertEqual(found, [])
