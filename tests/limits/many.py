"""What ten logs and what thousands cost: the same, in locks and in pages looked at."""
from __future__ import annotations

import os
from pathlib import Path

from harness.cluster import Cluster, running
from harness.counting import Count
from harness.psql import Session, load, query
from limits.judge import Judge

HERE = Path(__file__).parent
FEW, MANY = 10, int(os.environ.get("AUDIT_LOGS", "500"))
# Each is done in a transaction of its own, which is counted and rolled back.
STATEMENTS = {
    "CREATE TABLE": "create table public.new (a int)",
    "CREATE TABLE ... USING audit_immutable": "create table public.new (a int) using audit_immutable",
    "ALTER TABLE ADD COLUMN, of a plain table": "alter table public.plain add column c int",
    "ALTER TABLE RENAME COLUMN, of a plain table": "alter table public.plain rename column a to c",
    "ALTER TABLE ALTER TYPE, of a plain table": "alter table public.plain alter column a type bigint",
    "ALTER TYPE RENAME": "alter type public.mood rename to humour",
    "ALTER TYPE RENAME VALUE": "alter type public.mood rename value 'good' to 'better'",
    "ALTER SCHEMA RENAME": "alter schema small rename to little",
    "INSERT into a log": "insert into public.log (a) values (1)",
    "UPDATE of a plain table": "update public.plain set a = 2",
    "the last trigger of a restored log": "create trigger audit_immutable_guard_row before delete or update on public.back "
        "for each row execute function audit_immutable.guard('10000000-0000-4000-8000-000000000001')",
    "DROP TABLE": "drop table public.plain",
    "DROP TYPE": "drop type public.mood",
}
# What a statement may look at more: the indexes of the catalogs are a level higher.
MORE = 1.15
# Locks it may take more: a plan reads a catalog that has grown by its index. Locks on logs would be hundreds.
MORE_LOCKS = 2
# Where PostgreSQL itself writes a table's rows anew it reads all of pg_index, in which a log has two rows: 46 fit on a page.
READS_ALL_INDEXES = {"ALTER TABLE ALTER TYPE, of a plain table"}


def part(count: Count) -> None:
    """Counts with few, makes many, and counts again."""
    judge = Judge(count)
    with running("shared_preload_libraries = 'audit_immutable'\nautovacuum = off\nmax_locks_per_transaction = 64\n"
                 "max_connections = 100\nshared_buffers = '512MB'\n") as cluster:
        load(cluster, HERE / "many.sql")
        _make(cluster, 1, FEW)
        few = {name: _cost(cluster, sql) for name, sql in STATEMENTS.items()}
        _make(cluster, FEW + 1, MANY)
        for name, sql in STATEMENTS.items():
            locks, pages = _cost(cluster, sql)
            title = f"{name}: {few[name][0]} locks and {few[name][1]} pages with {FEW} logs, {locks} and {pages} with {MANY}"
            most = few[name][1] * MORE + (MANY / 20 if name in READS_ALL_INDEXES else 0)
            judge.true(title, locks <= few[name][0] + MORE_LOCKS and pages <= most, "that is more")
        _everything(cluster, judge)


def _everything(cluster: Cluster, judge: Judge) -> None:
    """Reading all logs takes no more locks at once than one log does."""
    intact, logs = query(cluster, "select bool_and(intact), count(*) from audit_immutable.verify() "
                                  "where relation <> 'public.back'::regclass").split("|")
    judge.equal(f"verify() of {logs} logs", intact, "t")
    held = query(cluster, """
        begin;
        do $$ begin perform from audit_immutable.verify(); perform from audit_immutable.status; end $$;
        select count(*) = 0 from pg_locks as l join pg_class as c on c.oid = l.relation
        where l.pid = pg_backend_pid()
          and c.relnamespace not in ('pg_catalog'::regnamespace, 'audit_immutable'::regnamespace);
        rollback""")
    judge.equal("it keeps no lock on any of them", held, "t")


def _make(cluster: Cluster, first: int, last: int) -> None:
    # As many as fit into the table of locks at a time.
    for begin in range(first, last + 1, 100):
        query(cluster, f"""
            do $$ begin for i in {begin}..{min(begin + 99, last)} loop
                execute format('create table many.t%s (a int, m many.mood) using audit_immutable', i);
            end loop; end $$""")
    query(cluster, "vacuum analyze pg_class, pg_attribute, pg_trigger, pg_depend, pg_index, pg_type, pg_constraint")


def _cost(cluster: Cluster, sql: str) -> tuple[int, int]:
    """Locks at its end, and pages looked at, of its second time in a session."""
    done = f"begin; {sql};"
    # Each line is a message of its own: what a backend has looked at, it tells between them.
    answer = Session(cluster, f"""
        {done} rollback;
        select pg_stat_force_next_flush();
        select 'before ' || _pages();
        {done}
        select 'locks ' || count(*) from pg_locks where pid = pg_backend_pid();
        rollback;
        select pg_stat_force_next_flush();
        select 'after ' || _pages();""").answer()
    found = dict(line.split() for line in answer.out.splitlines() if line.startswith(("before ", "locks ", "after ")))
    return int(found["locks"]), int(found["after"]) - int(found["before"])
