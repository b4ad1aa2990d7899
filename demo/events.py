#!/usr/bin/env python3
"""Turn a log into audit rows: events.py dpkg|server OUTDIR CLIENTS FILE...

Writes OUTDIR/client1.sql … clientN.sql with one INSERT for each event, and OUTDIR/copy.csv with the last
quarter of the events for COPY. Prints how many events went into the INSERTs and how many into the COPY.
"""
import csv
import json
import pathlib
import re
import sys

STAMP = r"(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?)"
DPKG = re.compile(STAMP + r" (?P<action>\w+) (?P<rest>.+)")
SERVER = re.compile(STAMP + r" (?P<zone>\S+) \[(?P<pid>\d+)\] LOG: .*?(?:statement|execute \S+): (?P<statement>.*)")


def dpkg(line):
    match = DPKG.fullmatch(line)
    if not match or match["action"] == "startup":
        return None
    words = match["rest"].split()
    if match["action"] == "status":                     # status STATE PACKAGE VERSION
        state, words = words[0], words[1:]
        names = ("state", "version")
        values = [state] + words[1:]
    else:                                               # ACTION PACKAGE OLD NEW
        names = ("old", "new")
        values = words[1:]
    if not words:
        return None
    return match["at"], match["action"], words[0], json.dumps(dict(zip(names, values)))


def server(line):
    match = SERVER.match(line)
    if not match:
        return None
    words = match["statement"].split()
    table = next((w.strip(";") for w in words if w.startswith("pgbench_")), "transaction")
    details = {"pid": int(match["pid"]), "statement": match["statement"]}
    return f"{match['at']} {match['zone']}", words[0].rstrip(";").lower(), table, json.dumps(details)


def literal(value):
    return "'" + value.replace("'", "''") + "'"


parse, out, clients = {"dpkg": dpkg, "server": server}[sys.argv[1]], pathlib.Path(sys.argv[2]), int(sys.argv[3])
events = []
for name in sys.argv[4:]:
    with open(name, encoding="utf-8", errors="replace") as log:
        events += filter(None, (parse(line.rstrip("\n")) for line in log))
inserts = len(events) * 3 // 4
for client in range(clients):
    with open(out / f"client{client + 1}.sql", "w", encoding="utf-8") as file:
        for event in events[client:inserts:clients]:
            file.write("INSERT INTO audit_log VALUES (%s);\n" % ", ".join(map(literal, event)))
with open(out / "copy.csv", "w", encoding="utf-8", newline="") as file:
    csv.writer(file, lineterminator="\n").writerows(events[inserts:])
print(inserts, len(events) - inserts)
