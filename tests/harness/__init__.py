"""What the suites written in Python share: throw-away servers, psql, golden files, counts.

    cluster   throw-away servers; `python3 -m harness` is the same for shell scripts (tools/cluster.sh)
    psql      statements and scripts, each in a session of its own
    ring      the two servers on which the guards are tried: without the library preloaded, and with it
    stage     such a server with a signing key, and a database for each trial
    attempt   what somebody tried, what was said, and what became of the evidence (judge.sql)
    golden    what is printed, compared with what was expected
    counting  "name: N passed, N failed", as tools/test.sh adds it up
    suite     a suite as a program

A suite is a folder beside this one with a `run.py`; tools/run.sh starts it, with tests/ on PYTHONPATH.
"""
