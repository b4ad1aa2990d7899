"""Random histories of a log: who writes what, in which transactions, what is undone, and what VACUUM makes of it."""
from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

from runs.talk import Talk

STEPS = 40
WRITERS = 3
LONGEST = 1500          # of a row's text; a page has 8192 bytes


class History:
    """One history of the log h.t, told by its number."""

    def __init__(self, number: int, sessions: Sequence[Talk], folder: Path) -> None:
        self.random = random.Random(number)
        self.sessions = sessions
        self.folder = folder
        self.depth = [0] * WRITERS          # of savepoints; 0 outside of a transaction
        self.prepared: list[str] = []
        self.said: list[str] = []           # to tell it again

    def play(self) -> list[str]:
        """Plays it to its end; what is wrong then, or was on the way."""
        self._begin()
        wrong: list[str] = []
        for _ in range(self.random.randint(5, STEPS)):
            self._step()
            if not wrong and self.random.random() < 0.05:
                wrong = self._judge("h.t")
        for writer in range(WRITERS):
            if self.depth[writer]:
                self._say(writer, self.random.choice(["COMMIT;", "ROLLBACK;"]))
                self.depth[writer] = 0
        while self.prepared:
            self._decide(0)
        if self.random.random() < 0.3:
            self._rewrite(0)
        return wrong or self._judge("h.t") or self._judge_answers() or self._judge("h.shuffled", self._shuffle())

    def _begin(self) -> None:
        columns = "(id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text, k int UNIQUE)"
        self._say(0, "SELECT audit_immutable.retire(to_regclass('h.t'), 'another one') WHERE to_regclass('h.t') IS NOT NULL;"
                     " DROP SCHEMA IF EXISTS h CASCADE; CREATE SCHEMA h;")
        if self.random.random() < 0.3:
            self._say(0, f"CREATE TABLE h.t {columns} USING heap;")
            self._say(0, self._rows("h.t"))
            self._say(0, "DELETE FROM h.t WHERE id % 3 = 0; UPDATE h.t SET v = v || 'x' WHERE id % 4 = 1;")
            self._say(0, "SELECT audit_immutable.protect('h.t') IS NULL;")
        else:
            self._say(0, f"CREATE TABLE h.t {columns} USING audit_immutable;")

    def _step(self) -> None:
        writer = self.random.randrange(WRITERS)
        inside = self.depth[writer] > 0
        steps: list[tuple[int, Callable[[int], None]]] = [
            (8, self._insert), (3, self._copy), (2, self._conflict), (2, self._fail), (2, self._caught), (1, self._decide),
        ]
        if inside:
            steps += [(3, self._savepoint), (3, self._back), (1, self._release), (2, self._end), (1, self._prepare)]
        else:
            steps += [(4, self._start), (1, self._vacuum), (1, self._rewrite)]
        chosen, = self.random.choices([step for _, step in steps], [weight for weight, _ in steps])
        chosen(writer)

    def _rows(self, table: str) -> str:
        count, length = self.random.choice([1, 1, 2, 3, 5, 8, 13, 40]), self.random.randint(1, LONGEST)
        return f"INSERT INTO {table} (v) SELECT repeat('x', {length}) FROM generate_series(1, {count});"

    def _insert(self, writer: int) -> None:
        self._say(writer, self._rows("h.t"))

    def _copy(self, writer: int) -> None:
        rows = [f"{'y' * self.random.randint(1, LONGEST)}\n" for _ in range(self.random.randint(1, 30))]
        self._say(writer, "COPY h.t (v) FROM STDIN;\n" + "".join(rows) + "\\.", show=f"COPY of {len(rows)} rows")

    def _conflict(self, writer: int) -> None:
        # Within one number no two writers meet: they would wait for each other.
        keys = ", ".join(f"('z', {10 * self.random.randint(1, 4) + writer})" for _ in range(4))
        self._say(writer, f"INSERT INTO h.t (v, k) VALUES {keys} ON CONFLICT DO NOTHING;")

    def _fail(self, writer: int) -> None:
        """A statement that fails after some rows: as a savepoint does within a transaction, else alone."""
        count = self.random.randint(1, 20)
        rows = f"INSERT INTO h.t (v, k) SELECT repeat('f', 500), nullif(1 / ({count} - n), 1 / ({count} - n)) FROM generate_series(1, {count}) n;"
        if self.depth[writer]:
            rows = f"SAVEPOINT f; {rows} ROLLBACK TO f; RELEASE f;"
        self._say(writer, rows)

    def _caught(self, writer: int) -> None:
        """A block of PL/pgSQL that is undone, between others that are not."""
        insert = "INSERT INTO h.t (v) SELECT repeat('c', 300) FROM generate_series(1, {});"
        one, two, three = (insert.format(self.random.randint(1, 6)) for _ in range(3))
        self._say(writer, f"DO $$ BEGIN {one} BEGIN {two} RAISE 'no'; EXCEPTION WHEN raise_exception THEN NULL; END; {three} END $$;")

    def _start(self, writer: int) -> None:
        self._say(writer, self.random.choice(["BEGIN;", "BEGIN ISOLATION LEVEL REPEATABLE READ;", "BEGIN ISOLATION LEVEL SERIALIZABLE;"]))
        self.depth[writer] = 1

    def _savepoint(self, writer: int) -> None:
        self._say(writer, f"SAVEPOINT s{self.depth[writer]};")
        self.depth[writer] += 1

    def _back(self, writer: int) -> None:
        if self.depth[writer] > 1:
            level = self.random.randint(1, self.depth[writer] - 1)
            self._say(writer, f"ROLLBACK TO s{level};")
            self.depth[writer] = level + 1

    def _release(self, writer: int) -> None:
        if self.depth[writer] > 1:
            level = self.random.randint(1, self.depth[writer] - 1)
            self._say(writer, f"RELEASE s{level};")
            self.depth[writer] = level

    def _end(self, writer: int) -> None:
        self._say(writer, self.random.choice(["COMMIT;", "COMMIT;", "ROLLBACK;"]))
        self.depth[writer] = 0

    def _prepare(self, writer: int) -> None:
        name = f"p{len(self.said)}"
        said = self._say(writer, f"PREPARE TRANSACTION '{name}';")
        self.depth[writer] = 0
        if "ERROR" not in said:
            self.prepared.append(name)

    def _decide(self, writer: int) -> None:
        if self.prepared and not self.depth[writer]:
            how = self.random.choice(["COMMIT", "ROLLBACK"])
            self._say(writer, f"{how} PREPARED '{self.prepared.pop()}';")

    def _vacuum(self, writer: int) -> None:
        self._say(writer, "VACUUM h.t;")

    def _rewrite(self, writer: int) -> None:
        """What takes the table for itself, while nobody has it."""
        if not any(self.depth) and not self.prepared:
            self._say(writer, self.random.choice([
                "VACUUM FULL h.t;", "CLUSTER h.t USING t_pkey;", "REINDEX TABLE h.t;", "REINDEX TABLE CONCURRENTLY h.t;",
                "CREATE INDEX CONCURRENTLY other ON h.t USING audit_chain (audit_chain, audit_seq);"
                " DROP INDEX h.t_audit_chain_audit_seq_idx; ALTER INDEX h.other RENAME TO t_audit_chain_audit_seq_idx;",
            ]))

    def _shuffle(self) -> str:
        """The rows in another table, restored in another order, with its index from the start."""
        file = self.folder / "shuffled"
        return f"""
            COPY (SELECT * FROM h.t ORDER BY {self.random.choice(['random()', 'audit_seq', 'audit_hash', 'ctid'])}) TO '{file}';
            CREATE TABLE h.shuffled (id bigint, v text, k int, audit_chain int, audit_seq bigint, audit_at timestamptz,
                audit_session bigint, audit_hash bytea) USING audit_immutable;
            CREATE INDEX ON h.shuffled USING audit_chain (audit_chain, audit_seq);
            COPY h.shuffled FROM '{file}';"""

    def _judge(self, log: str, before: str = "") -> list[str]:
        """The judge's opinion of what is committed."""
        if before:
            self._say(WRITERS, before)
        return self.sessions[WRITERS].say(f"SELECT judge.wrong('{log}');").splitlines()

    def _judge_answers(self) -> list[str]:
        return self.sessions[WRITERS].say("SELECT judge.answers('h.t');").splitlines()

    def _say(self, writer: int, sql: str, show: str = "") -> str:
        said = self.sessions[writer].say(sql)
        self.said.append(f"{writer}: {show or sql}" + (f"\n    {said}" if said else ""))
        return said
