"""Shapes of opening lines and rows: which members, which values."""
import re

import json

from cases import DATABASE, LOG, Exports, Log, quote


def replaced(old, new):
    def edit(line):
        assert old in line, (old, line)
        return line.replace(old, new, 1)
    return edit


def valued(member, value):
    return lambda line: re.sub(rf'"{member}":("[^"]*"|[0-9]+|{{.*}})', lambda _: f'"{member}":{value}', line, count=1)


def appended(text):
    return lambda line: line[:-1] + text


UUIDS = {  # refused
    "upper case": "0B9DF7EC-5B1C-4A64-9D0C-3C1C5B1F0C01", "no hyphens": "0b9df7ec5b1c4a649d0c3c1c5b1f0c01",
    "35 characters": "0b9df7ec-5b1c-4a64-9d0c-3c1c5b1f0c0", "37 characters": "0b9df7ec-5b1c-4a64-9d0c-3c1c5b1f0c011",
    "hyphens elsewhere": "0b9df7e-c5b1c-4a64-9d0c-3c1c5b1f0c01", "a g": "0b9df7ec-5b1c-4a64-9d0c-3c1c5b1f0c0g",
    "in braces": "{0b9df7ec-5b1c-4a64-9d0c-3c1c5b1f0c01}", "empty": "",
}

GOOD_TIMES = {
    "whole second": "2026-11-20T13:50:47+00:00", "six digits": "2026-11-20T13:50:47.000001+00:00",
    "leap day": "2024-02-29T00:00:00+00:00",
    "leap day of 2000": "2000-02-29T23:59:59.9+00:00", "year 10000": "10000-01-01T00:00:00+00:00",
    "BC": "0044-03-15T12:00:00+00:00 BC",
    "first": "4714-11-24T00:00:00+00:00 BC", "last": "294276-12-31T23:59:59.999999+00:00",
    "year 4, a leap year": "0004-02-29T00:00:00+00:00",
    "leap day of 1 BC": "0001-02-29T00:00:00+00:00 BC", "leap day of 5 BC": "0005-02-29T00:00:00+00:00 BC",
}

BAD_TIMES = {
    "30 February": "2024-02-30T00:00:00+00:00", "29 February 2023": "2023-02-29T00:00:00+00:00",
    "29 February 1900": "1900-02-29T00:00:00+00:00", "31 April": "2026-04-31T00:00:00+00:00",
    "month 0": "2026-00-01T00:00:00+00:00",
    "month 13": "2026-13-01T00:00:00+00:00", "day 0": "2026-01-00T00:00:00+00:00", "day 32": "2026-01-32T00:00:00+00:00",
    "29 February 4 BC": "0004-02-29T00:00:00+00:00 BC", "hour 24": "2026-11-20T24:00:00+00:00",
    "minute 60": "2026-11-20T13:60:00+00:00",
    "second 60": "2026-11-20T13:50:60+00:00", "zero at the end of the fraction": "2026-11-20T13:50:47.10+00:00",
    "fraction of zeros": "2026-11-20T13:50:47.000000+00:00", "fraction without digits": "2026-11-20T13:50:47.+00:00",
    "fraction of seven digits": "2026-11-20T13:50:47.1234567+00:00", "no offset": "2026-11-20T13:50:47",
    "Z": "2026-11-20T13:50:47Z",
    "another offset": "2026-11-20T14:50:47+01:00", "offset of two digits": "2026-11-20T13:50:47+00",
    "minus zero": "2026-11-20T13:50:47-00:00",
    "space for T": "2026-11-20 13:50:47+00:00", "lower-case t": "2026-11-20t13:50:47+00:00", "infinity": "infinity",
    "-infinity": "-infinity",
    "year 0": "0000-01-01T00:00:00+00:00", "year 0 BC": "0000-01-01T00:00:00+00:00 BC",
    "year with a needless zero": "02026-11-20T13:50:47+00:00",
    "year of three digits": "999-11-20T13:50:47+00:00", "year 294277": "294277-01-01T00:00:00+00:00",
    "before the first": "4714-11-23T23:59:59+00:00 BC",
    "year 4715 BC": "4715-12-01T00:00:00+00:00 BC", "AD": "2026-11-20T13:50:47+00:00 AD",
    "BC without a space": "0044-03-15T12:00:00+00:00BC",
    "no time of day": "2026-11-20", "an escape": "2026\\u002d11-20T13:50:47+00:00", "seconds missing": "2026-11-20T13:50+00:00",
    "digits that are not ASCII": "2026-11-2\u0660T13:50:47+00:00", "empty": "",
}

NEEDLESS = {  # escapes; refused in our own strings
    "of a slash": "a\\/b", "of a letter": "\\u0061", "of a letter outside ASCII": "\\u00e9", "of DEL": "\\u007f",
    "of LF by number": "\\u000a", "of LF by number, upper case": "\\u000A", "of a quote by number": "\\u0022",
    "of a control character in upper case": "\\u001F", "of a surrogate pair": "\\ud83d\\udd12",
}

NO_COLUMNS = {
    "null": "null", "an object": '{"id":"bigint"}', "a pair itself": '["id","bigint"]', "an empty pair": "[[]]",
    "a name alone": '[["id"]]',
    "a third element": '[["id","bigint","x"]]', "a fourth element": '[["id","bigint","committed",1]]',
    "a third element, null": '[["id","bigint",null]]',
    "Committed": '[["id","bigint","Committed"]]', "a number for a type": '[["id",20]]', "a number for a name": '[[1,"bigint"]]',
    "null for a type": '[["id",null]]', "a space": '[["id", "bigint"]]',
    "a space between pairs": '[["id","bigint"], ["v","text"]]',
    "a comma too many": '[["id","bigint"],]', "a comma too many in a pair": '[["id","bigint",]]', "a string": '"id bigint"',
}


def versions(c):
    why = "Verifying a file, 1: a number without leading zeros that is not 1, and a comma or }: of another version."
    for name, line in {
            "2": '{"audit_immutable":2,"log":"x"}', "0": '{"audit_immutable":0}', "10": '{"audit_immutable":10,"a":1}',
            "2 and no more": '{"audit_immutable":2}',
            "2 and no JSON": '{"audit_immutable":2,what follows may be anything',
            "2 and no UTF-8": '{"audit_immutable":2,"by":"\udcff"}',
            "2 and a CR": '{"audit_immutable":2}\r', "more than 64 bits": '{"audit_immutable":99999999999999999999}',
            "2 and the shape of 1": Log(audit_immutable=2).opening,
            "2 and deep": '{"audit_immutable":2,"x":' + "[" * 2000}.items():
        c.refuse(name, line + "\n", why, version=True)
    c.refuse("of the second log", Log().row().text() + Log(2, audit_immutable=2).row().text(), why, version=True)
    c.refuse("of a line among rows", Log().row().add('{"audit_immutable":2}').row(), why, version=True)
    c.refuse("2 without the last LF", Log(audit_immutable=2).opening, why, version=True)
    c.refuse("2 and a head of no row", Log(audit_immutable=2).row(), why, heads=[(7, 7, "0" * 64)], version=True)
    c.refuse("of the second log, and a head", (first := Log().row()).text() + Log(2, audit_immutable=2).row().text(), why,
             heads=[first.head()], version=True)
    why = "The opening line: `audit_immutable` is 1, a bare integer; this is neither that nor another version's number."
    for value in ('"1"', "01", "1.0", "1e0", "-1", "true", "null", '"2"', "02", "2.0", "-2", "1 ", " 1", "[1]"):
        c.refuse(f"{value!r} is no version", Log(audit_immutable=value).row(), why)


def opening_lines(c):
    why = "The opening line: exactly these members, in this order."
    c.accept("a log without rows", Log(),
             "The export file: the opening line comes first, then the rows, of which there may be none.")
    for member in ("database", "log", "table", "columns", "opened", "by"):
        c.refuse(f"without {member}", Log(**{member: None}).row(), why)
        c.refuse(f"{member} null", Log(**{member: "null"}).row(), f"The opening line: what `{member}` is.")
        c.refuse(f"{member} a number", Log(**{member: 1}).row(), f"The opening line: what `{member}` is.")
    c.refuse("without a version", Log(audit_immutable=None).row(), why)
    c.refuse("a member twice", Log(edit=appended(',"by":"alice"}')).row(), why)
    c.refuse("another member", Log(edit=appended(',"note":"x"}')).row(), why)
    c.refuse("another member in front", Log(edit=lambda line: '{"note":1,' + line[1:]).row(), why)
    c.refuse("the order of members", Log(edit=replaced('"opened":"2026-11-20T13:50:47+00:00","by":"alice"',
                                                       '"by":"alice","opened":"2026-11-20T13:50:47+00:00"')).row(), why)
    c.refuse("log before database", Log(edit=replaced(f'"database":"{DATABASE}","log":"{LOG % 1}"',
                                                      f'"log":"{LOG % 1}","database":"{DATABASE}"')).row(), why)
    c.refuse("a name with an escape", Log(edit=replaced('"by"', '"b\\u0079"')).row(), why)
    c.refuse("a name in upper case", Log(edit=replaced('"by"', '"BY"')).row(), why)
    c.refuse("something behind it", Log(edit=lambda line: line + "{}").row(), why)
    c.refuse("not closed", Log(edit=lambda line: line[:-1]).row(), "Verifying a file, 2: a line is not JSON.")
    space = "The opening line: no space outside strings."
    for name, old, new in (("behind a colon", '"by":', '"by": '), ("behind a comma", ',"by"', ', "by"'),
                           ("before the end", '"}', '" }'), ("a tab", ',"by"', ',\t"by"')):
        c.refuse(f"a space, {name}", Log(edit=replaced(old, new)).row(), space)
    c.refuse("a space in front", Log(edit=lambda line: " " + line).row(), space)
    c.refuse("a space behind", Log(edit=lambda line: line + " ").row(), space)

    for member in ("log", "database"):
        for name, value in UUIDS.items():
            c.refuse(f"{member}, {name}", Log(**{member: quote(value)}).row(),
                     "Terms: a uuid is 32 lower-case hex digits with hyphens behind the 8th, 12th, 16th and 20th.")
        for value in ("00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"):
            c.accept(f"{member} {value}", Log(**{member: quote(value)}).row(),
                     "Terms: version and variant of a uuid mean nothing here.")

    for member in ("table", "by"):
        for name, value in NEEDLESS.items():
            c.refuse(f"{member}, an escape {name}", Log(**{member: quote(value)}).row(),
                     "The opening line: an escape that is not needed is refused.")
    text = '\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u000b\\u001f/\u007f\u00e9\U0001f512'
    for member in ("table", "by"):
        c.accept(f"{member}, the escapes that are needed", Log(**{member: quote(text)}).row(),
                 "The row: how strings are escaped, and not otherwise.")
        c.refuse(f"{member}, a raw tab", Log(**{member: quote("a\tb")}).row(),
                 "Verifying a file, 2: RFC 8259 has no raw control character in a string.")
        c.refuse(f"{member}, an escape that JSON has not", Log(**{member: quote("\\x61")}).row(),
                 "Verifying a file, 2: a line is not JSON.")

    for value in ("1", "2147483647"):
        c.accept(f"chains {value}", Log(chains=value).row(), "The opening line: `chains` is 1 to 2147483647.")
    for value in ("0", "01", "-1", "2147483648", "9" * 30, '"1"', "1.0", "1e3", "null", "[]"):
        c.refuse(f"chains {value}", Log(chains=value).row(),
                 "The opening line: `chains` is a bare integer, 1 to 2147483647, no leading zero.")
    c.refuse("chains elsewhere", Log(edit=appended(',"chains":1}')).row(), why)
    c.accept("a chain above the limit", Log(chains=1).row().row(2),
             "The opening line: `chains` limits the writers; no rule compares it with the rows.")
    for name, value in GOOD_TIMES.items():
        c.accept(f"opened, {name}", Log(opened=quote(value)).row(), "Terms: a time.")
    for name, value in BAD_TIMES.items():
        c.refuse(f"opened, {name}", Log(opened=quote(value)).row(),
                 "Terms: a time is a finite timestamptz as the table writes it, and a date that exists.")


def columns(c):
    good = {"none": "[]", "one": '[["id","bigint"]]', "committed": '[["id","bigint"],["email","text","committed"]]',
            "empty strings": '[["",""]]',
            "1600": json.dumps([[f"c{n}", "text"] for n in range(1600)], separators=(",", ":")),
            "escapes": '[["say \\"hi\\"","\\"a\\\\b\\".\\"c\\u0001\\""]]', "outside ASCII": '[["gr\u00fc\u00dfe","text"]]'}
    for where, log in (("opening line", lambda value: Log(columns=value).row()),
                       ("row", lambda value: Log().row().row(columns=value).row())):
        for name, value in good.items():
            c.accept(f"{where}, {name}", log(value),
                     "The opening line, `columns`; Columns that change: written like the member of the opening line.")
        c.refuse(f"{where}, 1601", log(json.dumps([[f"c{n}", "text"] for n in range(1601)], separators=(",", ":"))),
                 "The opening line, `columns`: at most 1600.")
        for name, value in NO_COLUMNS.items():
            c.refuse(f"{where}, {name}", log(value),
                     "The opening line, `columns`: name and type of each; Columns as commitments: the third element.")
        for place in ('[["%s","text"]]', '[["v","%s"]]'):
            for name in ("of a slash", "of a letter", "of LF by number"):
                c.refuse(f"{where}, {place % '…'}, an escape {name}", log(place % NEEDLESS[name]),
                         "The opening line: an escape that is not needed is refused.")
    c.accept("in the first row of a chain", Log().row(columns="[]").row(2, columns="[]"),
             "Columns that change: a chain whose first row was written after the change.")
    c.refuse("behind row", Log().row().row(edit=appended(',"columns":[]}')).row(),
             "The row's line: in this order, none after `row`.")
    c.refuse("before session", Log().row().row(edit=replaced('"session"', '"columns":[],"session"')).row(),
             "The row's line: in this order.")
    c.refuse("twice", Log().row().row(edit=replaced('"row"', '"columns":[],"columns":[],"row"')).row(),
             "The row's line: exactly these members; none twice.")


def row_lines(c):
    why = "The row's line: exactly these members, in this order."
    for member in ("chain", "seq", "prev", "at", "session", "row"):
        c.refuse(f"without {member}", Log().row().row(**{member: None}).row(), why)
        c.refuse(f"{member} null", Log().row().row(edit=valued(member, "null")).row(), f"The row's line: what `{member}` is.")
    c.refuse("a member behind row", Log().row().row(edit=appended(',"note":"x"}')).row(),
             "Verifying a file, 2: no other members, none after `row`.")
    c.refuse("a second row", Log().row().row(edit=appended(',"row":{"id":3}}')).row(),
             "Verifying a file, 2: no member twice, none after `row`.")
    c.refuse("a second row, the same", Log().row().row(edit=lambda line: line[:-1] + "," + line[line.index('"row"'):]).row(),
             "Verifying a file, 2: no member twice, none after `row`.")
    c.refuse("a member before row", Log().row().row(edit=replaced('"row"', '"note":"x","row"')).row(), why)
    c.refuse("a member in front", Log().row().row(edit=lambda line: '{"note":1,' + line[1:]).row(), why)
    c.refuse("a member twice", Log().row().row(edit=replaced('"session":17', '"session":17,"session":17')).row(), why)
    c.refuse("the order of members", Log().row().row(edit=replaced('"chain":1,"seq":2', '"seq":2,"chain":1')).row(), why)
    c.refuse("row before session", Log().row().row(edit=lambda line: line.replace('"session":17,',
            "")[:-1] + ',"session":17}').row(), why)
    c.refuse("a name with an escape", Log().row().row(edit=replaced('"row"', '"ro\\u0077"')).row(), why)
    c.refuse("the name of another member", Log().row().row(edit=replaced('"row"', '"raw"')).row(), why)
    for name, old, new in (("behind a colon", '"seq":', '"seq": '), ("behind a comma", ',"seq"', ', "seq"'),
                           ("before the row", '"row":', '"row": '), ("a tab", ',"at"', ',\t"at"')):
        c.refuse(f"a space, {name}", Log().row().row(edit=replaced(old, new)).row(), "The row's line: no space outside `row`.")
    c.refuse("a space behind the row", Log().row().row(edit=lambda line: line[:-1] + " }").row(),
             "The row's line: no space outside `row`.")
    c.refuse("a space behind the line", Log().row().row(edit=lambda line: line + " ").row(),
             "The row's line: no space outside `row`.")
    c.refuse("a space in front", Log().row().row(edit=lambda line: " " + line).row(), "The row's line: no space outside `row`.")
    for value in ("[]", '"{}"', "17", "true", "[{}]", '"x":1'):
        c.refuse(f"row {value}", Log().row().row(row=value).row(), "The row's line: `row` is a JSON object.")
    c.refuse("a list of lines", "[" + Log().opening + "]\n", "Verifying a file, 2: exactly one of the shapes on this page.")
    c.refuse("no shape", Log().row().add("{}").row(), "Verifying a file, 2: exactly one of the shapes on this page.")
    for line in ("null", "[]", '"x"', "0"):
        c.refuse(f"no object: {line}", Log().row().add(line).row(),
                 "Verifying a file, 2: exactly one of the shapes on this page.")

    c.accept("chain 2147483647", Log().row(2147483647), "The row's line: `chain` is 1 to 2147483647.")
    for value in ("2147483648", "0", "01", "-1", "1.0", "1e0", '"1"', "9" * 30):
        c.refuse(f"chain {value}", Log().row(value), "The row's line: `chain` is 1 to 2147483647, no leading zero.")
    for value in ("0", "01", "-1", "1.0", "1e0", '"1"'):
        c.refuse(f"seq {value}", Log().row(edit=replaced('"seq":1', f'"seq":{value}')),
                 "The row's line: `seq` is 1 to 9223372036854775807, no leading zero.")
    c.refuse("seq 02", Log().row().row(edit=replaced('"seq":2', '"seq":02')).row(), "The row's line: `seq` has no leading zero.")
    for value in ("0", "1", "9223372036854775807"):
        c.accept(f"session {value}", Log().row(session=value).row(), "The row's line: `session` is 0 to 9223372036854775807.")
    for value in ("-1", "-0", "00", "017", "9223372036854775808", "9" * 30, "1.0", "1e1", '"17"'):
        c.refuse(f"session {value}", Log().row(session=value).row(),
                 "The row's line: `session` is 0 to 9223372036854775807, no leading zero.")
    for name, edit in {"63 digits": lambda p: p[:-1], "65 digits": lambda p: p + "0", "upper case": str.upper,
                       "base64": lambda p: p[:43] + "=", "empty": lambda p: ""}.items():
        log = Log().row()
        c.refuse(f"prev, {name}", log.row(prev=quote(edit(log.place(1)[1]))),
                 "Terms: a hash is written as 64 lower-case hex digits.")
    for name, value in GOOD_TIMES.items():
        c.accept(f"at, {name}", Log().row(at=quote(value)).row(), "Terms: a time.")
    for name, value in BAD_TIMES.items():
        c.refuse(f"at, {name}", Log().row(at=quote(value)).row(),
                 "Terms: a time is a finite timestamptz as the table writes it, and a date that exists.")
    for value in ("1795182647", "[]"):
        c.refuse(f"at {value}", Log().row(at=value).row(), "Terms: a time is a string.")


def cases():
    for topic, make in (("version", versions), ("opening line", opening_lines), ("columns", columns), ("row's line", row_lines)):
        exports = Exports(topic)
        make(exports)
        yield from exports.cases
