"""The owner of a log holds it locked, or a part of it: nobody else waits for him, and whoever left the log out says so."""
from __future__ import annotations

import time
from pathlib import Path

from harness.cluster import Cluster, running
from harness.counting import Count
from harness.psql import Session, load, query
from limits import signed
from limits.judge import Judge

HERE = Path(__file__).parent
HOLDS = """
set application_name = 'holder';
begin;
{lock};
select pg_sleep(600);
"""
# What keeps others from reading a table, and who can do it. Only a superuser can name a TOAST table.
LOCKS = {
    "the table": ("mallory", "lock table m.mine in access exclusive mode"),
    "an index": ("mallory", "reindex index m.mine_audit_chain_audit_seq_idx"),
    "the TOAST table's index": ("postgres", r"select format('reindex table %s', reltoastrelid::regclass) "
                                            r"from pg_class where oid = 'm.mine'::regclass \gexec" "\n"),
}


def part(count: Count) -> None:
    """With the library preloaded, and without."""
    judge = Judge(count)
    for preload in ("", "shared_preload_libraries = 'audit_immutable'"):
        with signed.conf(preload) as conf, running(conf) as cluster:
            load(cluster, HERE / "locked.sql")
            query(cluster, "select audit_immutable.checkpoint()")
            for what, (user, lock) in LOCKS.items():
                _held(cluster, f"{'ring 3' if preload else 'ring 2'}, {what} is locked", user, lock, judge)


def _held(cluster: Cluster, title: str, user: str, lock: str, judge: Judge) -> None:
    query(cluster, "insert into m.mine values (repeat('x', 100))")
    holder = Session(cluster, HOLDS.format(lock=lock), user=user)
    _wait(cluster, "select exists (select from pg_stat_activity where wait_event = 'PgSleep')")
    others = Session(cluster, (HERE / "others.sql").read_text(), user="bob").answer()
    judge.equal(f"{title}: others work on", others.err, "")
    judge.equal(f"{title}: verify of everything names it", query(cluster, """
        set lock_timeout = '100ms';
        select relation::text || ': ' || first_finding from audit_immutable.verify() where not intact"""),
        "m.mine: not_checked: Another session holds the table locked, so that nothing of it could be read.")
    judge.equal(f"{title}: status names it", query(cluster,
        "set lock_timeout = '1s'; select relation, locked, rows from audit_immutable.status where locked"), "m.mine|t|")
    judge.true(f"{title}: the view of logs shows it", query(cluster,
        "set lock_timeout = '1s'; select opened_by from audit_immutable.log where relation = 'm.mine'::regclass")
        == "mallory")
    made = Session(cluster, "insert into bob.au values (2); select audit_immutable.checkpoint();").answer()
    judge.true(f"{title}: a checkpoint is made of the rest, and says so",
               "db.example.org/limits" in made.out and "Left out: m.mine." in made.err, made.out + made.err)
    query(cluster, "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'holder'")
    holder.answer()
    judge.equal(f"{title}: that is on record", query(cluster,
        "select locked, skipped > now() - interval '1 hour' from audit_immutable.status "
        "where relation = 'm.mine'::regclass"), "f|t")
    query(cluster, "select audit_immutable.checkpoint()")
    judge.equal(f"{title}: its rows are leaves with the next checkpoint", query(cluster, """
        select max(r.last_seq) = (select max(seq) from audit_immutable.heads('m.mine'))
        from audit_immutable.leaf_range as r join audit_immutable.log as l using (log)
        where l.relation = 'm.mine'::regclass"""), "t")
    judge.equal(f"{title}: everything is intact", query(cluster,
        "select bool_and(intact) from audit_immutable.verify()"), "t")


def _wait(cluster: Cluster, condition: str) -> None:
    deadline = time.monotonic() + 60
    while query(cluster, condition) != "t":
        if time.monotonic() > deadline:
            raise TimeoutError(condition)
        time.sleep(0.05)
