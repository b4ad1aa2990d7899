"""psycopg 3, and what triggers in PL/pgSQL write."""
from __future__ import annotations

import psycopg
from psycopg import errors
from psycopg.types.json import Jsonb

from clients.database import DatabaseCase

TABLE = "CREATE TABLE log (id int GENERATED ALWAYS AS IDENTITY, actor text, details jsonb) USING audit_immutable"


class Psycopg(DatabaseCase):
    """Named columns, COPY, pipelines, prepared statements, two-phase commit."""

    def setUp(self) -> None:
        super().setUp()
        self.connection = psycopg.connect(dbname=self.database)
        self.addCleanup(self.connection.close)
        self.connection.execute(TABLE)
        self.connection.commit()

    def test_every_way_in(self) -> None:
        """Rows by all of them are in the chains."""
        with self.connection.cursor() as cursor:
            insert = "INSERT INTO log (actor, details) VALUES (%s, %s)"
            cursor.execute(insert, ("alice", Jsonb({"a": 1})), prepare=True)
            cursor.executemany(insert, [("bob", Jsonb([])), ("carol", None)])
            cursor.execute(insert + " RETURNING audit_chain, audit_seq, length(audit_hash)", ("dan", None), binary=True)
            self.assertEqual(cursor.fetchone(), (1, 4, 32))
            with cursor.copy("COPY log (actor, details) FROM STDIN") as copy:
                copy.write_row(("erin", Jsonb({"from": "copy"})))
                copy.write_row(("frank", None))
            with cursor.copy("COPY log (actor) FROM STDIN (FORMAT binary)") as copy:
                copy.write_row(("grace",))
        with self.connection.pipeline():
            for actor in ("heidi", "ivan"):
                self.connection.execute("INSERT INTO log (actor) VALUES (%s)", (actor,))
        self.connection.commit()
        self.assert_intact("log", 9)

    def test_two_phases(self) -> None:
        """A prepared transaction commits or does not."""
        for name, end in (("kept", self.connection.tpc_commit), ("gone", self.connection.tpc_rollback)):
            xid = self.connection.xid(1, name, "")
            self.connection.tpc_begin(xid)
            self.connection.execute("INSERT INTO log (actor) VALUES (%s)", (name,))
            self.connection.tpc_prepare()
            end()
        self.assert_intact("log", 1)

    def test_a_refusal_can_be_told_from_a_missing_grant(self) -> None:
        """It has the constraint's name, and the table's."""
        self.connection.execute("INSERT INTO log (actor) VALUES ('alice')")
        with self.assertRaises(errors.InsufficientPrivilege) as caught, self.connection.transaction():
            self.connection.execute("UPDATE log SET actor = 'mallory'")
        diagnosis = caught.exception.diag
        self.assertEqual((diagnosis.constraint_name, diagnosis.table_name), ("audit_immutable", "log"))
        self.connection.execute("UPDATE log SET actor = 'x' WHERE actor = 'nobody'")
        self.connection.commit()
        self.assert_intact("log", 1)

    def test_triggers(self) -> None:
        """With the columns named, or with the row as one value, they go on when both tables have got a column."""
        self.connection.execute("""
            CREATE TABLE emp (empname text, salary int);
            CREATE TABLE emp_audit (operation char(1), userid text, empname text, salary int) USING audit_immutable;
            CREATE FUNCTION named() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                INSERT INTO emp_audit (operation, userid, empname, salary) VALUES ('D', user, OLD.empname, OLD.salary);
                RETURN NULL; END $$;
            CREATE FUNCTION whole() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                INSERT INTO log (actor, details) VALUES (user, to_jsonb(OLD));
                RETURN NULL; END $$;
            CREATE TRIGGER named AFTER DELETE ON emp FOR EACH ROW EXECUTE FUNCTION named();
            CREATE TRIGGER whole AFTER DELETE ON emp FOR EACH ROW EXECUTE FUNCTION whole();
            ALTER TABLE emp ADD COLUMN bonus int;
            ALTER TABLE emp_audit ADD COLUMN bonus int;
            INSERT INTO emp VALUES ('alice', 1, 2);
            DELETE FROM emp""")
        self.assertEqual(self.connection.execute("SELECT details FROM log").fetchone(),
                         ({"empname": "alice", "salary": 1, "bonus": 2},))
        self.connection.commit()
        self.assert_intact("emp_audit", 1)

    def test_columns_that_are_not_named(self) -> None:
        """A value for a column that was added behind the stamps is refused, whatever it is; a row type's value is not."""
        self.connection.execute("ALTER TABLE log ADD COLUMN note text")
        for value in (None, 0, 7):
            with self.subTest(value), self.assertRaises(errors.GeneratedAlways) as caught, self.connection.transaction():
                self.connection.execute("INSERT INTO log VALUES (DEFAULT, 'a', NULL, %s::int)", (value,))
            self.assertIn("Name the columns", caught.exception.diag.message_hint or "")
        self.connection.execute("INSERT INTO log OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::log, %s)",
                                (Jsonb({"id": 7, "actor": "a", "note": "n"}),))
        self.connection.commit()
        self.assert_intact("log", 1)
