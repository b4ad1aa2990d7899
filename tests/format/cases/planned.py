"""Lines that are specified and not written yet: commitments and their disclosures, gaps, provenance."""
import hashlib

from cases import DATABASE, EVENT, LOG, OTHER_EVENT, Exports, Log, quote, sha
from cases.shapes import BAD_TIMES, NEEDLESS, UUIDS, appended, replaced

SALT = {name: hashlib.sha256(f"32 random bytes for {name}".encode()).hexdigest() for name in ("email", "phone", "note")}
WRONG = "0" * 64


def commitment(name, value):
    return hashlib.sha256(bytes.fromhex(SALT[name]) + value.encode()).hexdigest()


VALUES = {"email": '"alice@example.com"', "phone": "null", "note": '{"a": [1, 2]}'}


def committed(**values):
    return "{" + ",".join(f'"{name}":"{commitment(name, value)}"' for name, value in {**VALUES, **values}.items()) + "}"


def disclosed(*names, **values):
    return "{" + ",".join(f'"{name}":["{SALT[name]}",{values.get(name, VALUES[name])}]' for name in names) + "}"


def disclosure(disclosed, chain=1, seq=2):
    return f'{{"chain":{chain},"seq":{seq},"disclosed":{disclosed}}}'


def log(**values):
    """A log whose second row commits to three values."""
    return Log().row().row(committed=committed(**values))


def commitments(c):
    shape = "Columns as commitments: the member `committed`."
    c.accept("nothing disclosed", log().row(), "Columns as commitments: a column that is not disclosed was erased or withheld.")
    columns = '[["id","bigint"],["email","text","committed"]]'
    c.accept("with columns", Log().row().row(columns=columns, committed='{"email":"%s"}' % WRONG).row(),
             "The row's line: `columns`, then `committed`, then `row`.")
    c.accept("a name with an escape that is needed", Log().row(committed='{"say \\"hi\\"":"%s"}' % WRONG).row(), shape)
    c.accept("a name that is in row, too", Log().row(committed='{"id":"%s"}' % WRONG).row(),
             "Columns as commitments: a verifier doesn't compare `committed` with `columns` or `row`.")
    most = "Columns as commitments: at most 1600 columns."
    many = ["{" + ",".join(f'"c{n}":"{WRONG}"' for n in range(count)) + "}" for count in (1600, 1601)]
    c.accept("of 1600 columns", Log().row(committed=many[0]).row(), most)
    c.refuse("of 1601 columns", Log().row(committed=many[1]).row(), most)
    for name, value in {"empty": "{}", "null": "null", "a list": '["%s"]' % WRONG, "a number": '{"email":1}',
                        "null within": '{"email":null}', "63 digits": '{"email":"%s"}' % WRONG[1:],
                        "upper case": '{"email":"%s"}' % ("A" * 64), "a space": '{"email": "%s"}' % WRONG,
                        "an object within": '{"email":{"a":"%s"}}' % WRONG,
                        "a comma too many": '{"email":"%s",}' % WRONG,
                        "a column twice": '{"email":"%s","email":"%s"}' % (WRONG, WRONG)}.items():
        c.refuse(name, Log().row().row(committed=value).row(), shape)
    for name in ("of a slash", "of a letter", "of LF by number, upper case"):
        c.refuse(f"an escape {name}", Log().row(committed='{"%s":"%s"}' % (NEEDLESS[name], WRONG)).row(),
                 "Columns as commitments: names are escaped as in `row`, and not otherwise.")
    c.refuse("twice", Log().row(edit=replaced('"row"', '"committed":%s,"committed":%s,"row"' % (committed(), committed()))).row(),
             "The row's line: exactly these members; none twice.")
    c.refuse("before columns", Log().row(edit=replaced('"row"', '"committed":%s,"columns":[],"row"' % committed())).row(),
             "The row's line: in this order.")
    c.refuse("behind row", Log().row(edit=appended(',"committed":%s}' % committed())).row(), "The row's line: none after `row`.")


def disclosures(c):
    rule = "Columns as commitments: a disclosure may follow the row's line."
    for names in (("email",), ("phone",), ("email", "note"), ("email", "phone", "note")):
        c.accept(f"of {', '.join(names)}", log().add(disclosure(disclosed(*names))).row(), rule)
    c.accept("as the last line", log().add(disclosure(disclosed("email"))), rule)
    c.accept("as the last line without LF", log().add(disclosure(disclosed("email"))).text()[:-1],
             "The export file: the last line's LF may be missing.")
    c.accept("at a chain's end", log().add(disclosure(disclosed("email"))).row(2), rule)
    c.accept("of two rows in a row",
             log().add(disclosure(disclosed("email"))).row(committed=committed()).add(disclosure(disclosed("note"), seq=3)).row(),
             rule)
    c.accept("with a head of its row", (good := log()).add(disclosure(disclosed("email"))), rule, [good.head()])
    for value in ('""', "17", "-1.50", "true", "null", "[]", "{}", '[1,\t2 ]', '{ "a" : 1 }', '{"a":1,"a":2}', '"\\u0061\\/"',
                  '"\u2028"', "[" * 2000 + "]" * 2000):
        c.accept(f"value {value[:20]}", log(note=value).add(disclosure(disclosed("email", "note", note=value))).row(),
                 "Columns as commitments: the value, any JSON, its bytes as they stand.")
    wrong = "Columns as commitments: SHA-256 of the random bytes and of the value's bytes isn't what the row committed to."
    c.refuse("another salt", log().add(disclosure(disclosed("email").replace(SALT["email"], SALT["note"]))).row(), wrong)
    c.refuse("the salt as digits", log().add(disclosure('{"email":["%s",%s]}' % (SALT["email"], '"bob@example.com"'))).row(),
             wrong)
    c.refuse("another value", log().add(disclosure(disclosed("email", email='"mallory@example.com"'))).row(), wrong)
    c.refuse("the value spelled in another way", log().add(disclosure(disclosed("note", note='{"a":[1,2]}'))).row(), wrong)
    c.refuse("the value with an escape", log().add(disclosure(disclosed("email", email='"\\u0061lice@example.com"'))).row(),
             wrong)
    c.refuse("the value of another column", log().add(disclosure(disclosed("phone", phone=VALUES["email"]))).row(), wrong)
    c.refuse("the second of two wrong", log().add(disclosure(disclosed("email", "note", note="17"))).row(), wrong)
    order = "Columns as commitments: `disclosed` has some of the members of the row's `committed`, in their order."
    c.refuse("another order", log().add(disclosure(disclosed("note", "email"))).row(), order)
    c.refuse("a member twice", log().add(disclosure(disclosed("email", "email"))).row(), order)
    c.refuse("an unknown member", log().add(disclosure(disclosed("email").replace('"email"', '"mail"'))).row(), order)
    c.refuse("a row that commits to nothing", Log().rows(2).add(disclosure(disclosed("email"))).row(), order)
    away = "Columns as commitments: the line before isn't that row's."
    line = disclosure(disclosed("email"))
    c.refuse("behind the next row", log().row().add(line).row(), away)
    c.refuse("before its row", Log().row().add(line).row(committed=committed()).row(), away)
    c.refuse("behind the opening line", Log().add(line).row(), away)
    c.refuse("of another seq", log().add(disclosure(disclosed("email"), seq=1)).row(), away)
    c.refuse("of another chain", log().add(disclosure(disclosed("email"), chain=2)).row(), away)
    c.refuse("a second one", log().add(line).add(disclosure(disclosed("note"))).row(), away)
    c.refuse("the same one twice", log().add(line).add(line).row(), away)
    c.refuse("in front of the opening line", line + "\n" + log().text(),
             "Verifying a file, 3: the first line isn't an opening line.")
    c.refuse("behind another log's opening line", log().text() + Log(2).add(line).text(), away)
    (good := log()).add(line)
    c.refuse("named by the next row", good.row(prev=quote(sha(line))), "Columns as commitments: no `prev` names a disclosure.")
    shape = "Columns as commitments: the shape of a disclosure; exactly these members, no space outside the values."
    salt, value = SALT["email"], VALUES["email"]
    for name, text in {"nothing disclosed": "{}", "a list": "[]", "null": "null", "no value": '{"email":["%s"]}' % salt,
                       "three elements": '{"email":["%s",%s,1]}' % (salt, value),
                       "a salt of 63 digits": '{"email":["%s",%s]}' % (salt[1:], value),
                       "a salt in upper case": '{"email":["%s",%s]}' % (salt.upper(), value),
                       "a space before the value": '{"email":["%s", %s]}' % (salt, value),
                       "a space behind the value": '{"email":["%s",%s ]}' % (salt, value),
                       "a space before the member": '{ "email":["%s",%s]}' % (salt, value),
                       "a space behind the member": '{"email":["%s",%s] }' % (salt, value),
                       "a comma too many": '{"email":["%s",%s],}' % (salt, value),
                       "an object for the pair": '{"email":{"%s":%s}}' % (salt, value)}.items():
        c.refuse(name, log().add(disclosure(text)).row(), shape)
    c.refuse("NaN, hash and all", log(note="NaN").add(disclosure(disclosed("note", note="NaN"))).row(),
             "Verifying a file, 2: JSON is that of RFC 8259 and no more.")
    wrongly = "[" * 2000 + "}" * 2000
    c.refuse("a value nested deep and closed wrongly", log(note=wrongly).add(disclosure(disclosed("note", note=wrongly))).row(),
             "Verifying a file, 2: JSON is that of RFC 8259 and no more.")
    c.refuse("a member more", log().add(line[:-1] + ',"prev":1}').row(), shape)
    c.refuse("seq 02", log().add(line.replace('"seq":2', '"seq":02')).row(), shape)
    c.refuse("no seq", log().add(line.replace('"seq":2,', "")).row(), shape)
    slash = Log().row(committed='{"a/b":"%s"}' % commitment("email", value))
    c.refuse("a name with a needless escape", slash.add(disclosure('{"a\\/b":["%s",%s]}' % (salt, value), seq=1)).row(),
             "Columns as commitments: names are escaped as in `row`, and not otherwise.")


def gaps(c):
    rule = "Gaps: stands where the rows `seq` to `last` would."
    known = [EVENT]
    c.accept("in the middle", Log().rows(2).gap(57).rows(2), rule, events=known)
    c.accept("damaged", Log().rows(2).gap(1, gap=quote("damaged")).rows(2), rule, events=known)
    c.accept("of one row", Log().row().gap(1).row(), rule, events=known)
    c.accept("at a chain's start", Log().gap(99).rows(2), rule, events=known)
    c.accept("at a chain's end", Log().rows(2).gap(3), rule, events=known)
    c.accept("a chain of its own", Log().gap(3), rule, events=known)
    c.accept("in the second chain", Log().row().row(2).gap(9, 2).row(2).row(3), rule, events=known)
    c.accept("two, one behind the other", Log().row().gap(2).gap(3, gap=quote("damaged"), event=quote(OTHER_EVENT)).row(),
             "Gaps: a gap may follow another.", events=[EVENT, OTHER_EVENT])
    c.accept("more events than gaps", Log().row().gap(2).row(), rule, events=[OTHER_EVENT, EVENT])
    c.accept("up to the last seq there is", Log().row().gap(2**63 - 2), "Gaps: `last` is a seq, up to 9223372036854775807.",
             events=known)
    c.accept("and the last row there is", Log().gap(2**63 - 2).row(), "The row's line: `seq` is up to 9223372036854775807.",
             events=known)
    c.accept("events without gaps", Log().rows(2), "Gaps: events obtained elsewhere vouch for gaps; there need be none.",
             events=known)
    c.accept("in a file of several logs", Log().gap(2).row().text() + Log(2).row().gap(3).row().text(), rule, events=known)
    unknown = "Gaps: refuse one whose `event` isn't among those obtained elsewhere."
    c.refuse("no event", Log().rows(2).gap(57).rows(2), unknown)
    c.refuse("another event", Log().rows(2).gap(57).rows(2), unknown, events=[OTHER_EVENT])
    c.refuse("the second of two without event", Log().row().gap(2).gap(3, event=quote(OTHER_EVENT)).row(), unknown, events=known)
    c.refuse("at the end, no event", Log().rows(2).gap(57), unknown)
    c.refuse("vouched for by a head, no event", (log := Log().rows(2).gap(57)), unknown, [log.head()])
    count = "Gaps: `count` is `last` - `seq` + 1."
    c.refuse("count too small", Log().row().gap(3, count=2).row(), count, events=known)
    c.refuse("count too large", Log().row().gap(3, count=4).row(), count, events=known)
    c.refuse("count 0", Log().row().gap(0).row(), count, events=known)
    c.refuse("last before seq", Log().rows(3).gap(1, last=2, count=-1).row(), count, events=known)
    c.refuse("last before seq, count 1", Log().rows(3).gap(1, last=3, count=1).row(), count, events=known)
    link = "Gaps: `prev` is the hash of the line before; `hash` is what row `last` + 1 names as its `prev`."
    c.refuse("prev wrong", Log().rows(2).gap(3, prev=quote(WRONG)).row(), link, events=known)
    c.refuse("prev of a gap at a chain's start", Log().gap(3, prev=quote(WRONG)).row(), link, events=known)
    log = Log().row()
    c.refuse("prev at the start of chain 2 names chain 1", log.gap(3, 2, prev=quote(log.head()[2])).row(2), link, events=known)
    c.refuse("the row behind names another hash", Log().rows(2).gap(3).row(prev=quote(WRONG)).row(), link, events=known)
    c.refuse("the row behind names the gap's line", (log := Log().row().gap(3)).row(prev=quote(sha(log.lines[-1]))).row(), link,
             events=known)
    c.refuse("the second of two names another hash", Log().row().gap(2).gap(3, prev=quote(WRONG)).row(), link, events=known)
    follow = "Verifying a file, 4: a seq doesn't follow the one before by 1."
    c.refuse("seq leaves a row out", Log().rows(2).gap(3, seq=4, count=2).row(), follow, events=known)
    c.refuse("seq goes back", Log().rows(2).gap(3, seq=2, count=4).row(), follow, events=known)
    c.refuse("the row behind is within", Log().rows(2).gap(3).row(seq=5).row(), follow, events=known)
    c.refuse("the row behind leaves one out", Log().rows(2).gap(3).row(seq=7).row(), follow, events=known)
    c.refuse("a chain that begins behind seq 1", Log().row().gap(3, 2, seq=2, count=2).row(2), follow, events=known)
    c.refuse("a chain behind a higher one", Log().row(2).gap(3, 1), "Verifying a file, 4: a chain comes after a higher one.",
             events=known)
    c.refuse("behind the last seq there is", Log().gap(2**63 - 1).row(), "The row's line: `seq` is up to 9223372036854775807.",
             events=known)
    c.refuse("before the opening line", Log().gap(3).lines[1] + "\n" + Log().text(),
             "Verifying a file, 3: the first line isn't an opening line.", events=known)
    shape = "Gaps: the shape of the line; exactly these members, no space."
    for member in ("chain", "seq", "prev", "gap", "last", "hash", "count", "event"):
        c.refuse(f"without {member}", Log().row().gap(3, edit=lambda line, m=member: cut(line, m)).row(), shape, events=known)
    for name, changes in {"of another kind": {"gap": quote("lost")}, "of a kind in upper case": {"gap": quote("Purged")},
                          "kind null": {"gap": "null"}, "hash in upper case": {"hash": quote("A" * 64)},
                          "event null": {"event": "null"}, "event in upper case": {"event": quote(EVENT.upper())},
                          "last as a string": {"last": '"4"'}, "count as a string": {"count": '"3"'},
                          "count 03": {"count": "03"}, "last 04": {"last": "04"},
                          "another member": {"at": quote("2026-11-20T13:50:47+00:00")}}.items():
        log = Log().row().gap(3, **changes)
        c.refuse(name, log.row(prev=changes.get("hash", quote(log.head()[2]))), shape, events=known)
    c.refuse("last above 9223372036854775807", Log().row().gap(2**63 - 1), shape, events=known)
    c.refuse("chain 2147483648", Log().row().gap(3, 2147483648), shape, events=known)
    exchanged = replaced('"gap":"purged","last":4', '"last":4,"gap":"purged"')
    c.refuse("the order of members", Log().row().gap(3, edit=exchanged).row(), shape, events=known)
    c.refuse("a space", Log().row().gap(3, edit=replaced('"count":', '"count": ')).row(), shape, events=known)
    c.refuse("with a row", Log().row().gap(3, row="{}").row(), shape, events=known)

    head = "Gaps: where a gap ends, its head is `last` and `hash`."
    log = Log().rows(2).gap(3)
    end = log.head()
    c.accept("a head of its end, at the chain's end", log, head, [end], known)
    c.accept("a head of its end, and a row behind", log.row(), head, [end], known)
    c.accept("heads of rows around it", log, "Verifying a file, 6.", [log.head(), (1, 2, sha(log.lines[2]))], known)
    c.refuse("a head with another hash for its end", log, head, [(1, 5, WRONG)], known)
    c.refuse("a head within", log, "Verifying a file, 6: the file has no such row.", [(1, 4, end[2])], known)
    c.refuse("a head of its line", log, head, [(1, 5, sha(log.lines[3]))], known)
    c.refuse("a head behind it", Log().rows(2).gap(3), "Verifying a file, 6: the file has no such row.", [(1, 6, WRONG)], known)


def cut(line, member):
    """The line without a member."""
    import re
    return re.sub(rf'"{member}":("[^"]*"|[0-9]+),?', "", line, count=1).replace(",}", "}")


def provenance(c):
    log = Log().rows(4).rows(2, 2).row(3)
    at = {(chain, seq): (chain, seq, sha(log.lines[n])) for n, (chain,
                                                                seq) in enumerate([(1, 1), (1, 2), (1, 3), (1, 4), (2, 1), (2, 2),
                                                                        (3, 1)], 1)}

    def of(heads, /, edit=lambda line: line, rows=log.lines[1:], **changes):
        return "".join(line + "\n" for line in Log().provenance(heads, edit, **changes).lines + rows)

    rule = "Rows that were restored or imported: lines of this shape stand directly behind the opening line."
    c.accept("restored", of([at[1, 2], at[2, 2]]), rule)
    c.accept("imported from another database", of([at[1, 4]], provenance=quote("imported"),
                                                  database=quote("6a3c0f7e-52d1-4d7b-9a35-1c2e8f4b7d90")), rule)
    c.accept("all rows", of([at[1, 4], at[2, 2], at[3, 1]]), rule)
    c.accept("its event is known", of([at[1, 2]]), rule, events=[EVENT])
    c.accept("its event is not known", of([at[1, 2]]),
             "Rows that were restored or imported: that `event` isn't among those obtained elsewhere is no reason to refuse the file.",
             events=[OTHER_EVENT])
    c.accept("with a head", of([at[1, 2]]), rule, [at[1, 4]])
    two = Log().provenance([at[1, 4]]).provenance([at[1, 2], at[3, 1]])
    c.accept("two lines", "".join(line + "\n" for line in two.lines + log.lines[1:]), rule)
    c.accept("by, with the escapes that are needed", of([at[1, 2]], by=quote("the \\\"DBA\\\"\\t\u00fc")), rule)
    gap = Log().row().gap(3).row()
    lines = Log().provenance([(1, 4, sha("row 4 of chain 1, which is not there"))]).lines + gap.lines[1:]
    c.accept("up to a gap's end", "".join(line + "\n" for line in lines),
             "Rows that were restored or imported: or the `last` and `hash` of a gap.", events=[EVENT])
    lines = Log().provenance([(1, 3, sha("row 4 of chain 1, which is not there"))]).lines + gap.lines[1:]
    c.refuse("up to a row within a gap", "".join(line + "\n" for line in lines),
             "Rows that were restored or imported: a head isn't the hash of the file's row.", events=[EVENT])
    second = Log(2).rows(2)
    second.provenance([second.head()])
    c.accept("of the second log", log.text() + second.text(), rule)
    disclosing = Log().row().row(committed=committed()).add(disclosure(disclosed("email")))
    c.accept("and a disclosure", disclosing.provenance([disclosing.head()]), rule)

    head = "Rows that were restored or imported: a head isn't the hash of the file's row with that chain and seq."
    c.refuse("a head with another hash", of([(1, 2, WRONG)]), head)
    c.refuse("the second head with another hash", of([at[1, 2], (2, 2, WRONG)]), head)
    c.refuse("a head above the chain's end", of([(1, 5, WRONG)]), head)
    c.refuse("a head of a chain that isn't there", of([(4, 1, WRONG)]), head)
    c.refuse("a head of a chain that isn't there, between", of([at[1, 2], (2147483647, 1, WRONG)]), head)
    c.refuse("no rows", of([(1, 1, WRONG)], rows=[]), head)
    twice = Log().provenance([at[1, 2]]).provenance([(1, 2, WRONG)])
    c.refuse("two lines that contradict each other", "".join(line + "\n" for line in twice.lines + log.lines[1:]), head)
    order = "Rows that were restored or imported: `heads` are in ascending order of chain, each chain once, not empty."
    c.refuse("heads in another order", of([at[2, 2], at[1, 2]]), order)
    c.refuse("a chain twice", of([at[1, 2], at[1, 4]]), order)
    c.refuse("the same head twice", of([at[1, 2], at[1, 2]]), order)
    c.refuse("no heads", of([]), order)
    c.refuse("another log", of([at[1, 2]], log=quote(LOG % 2)), "Rows that were restored or imported: `log` is the log's uuid.")
    line = Log().provenance([at[1, 2]]).lines[1]
    place = "Rows that were restored or imported: directly behind the opening line."
    c.refuse("behind a row", "".join(text + "\n" for text in [*log.lines[:3], line, *log.lines[3:]]), place)
    c.refuse("at the end", log.text() + line, place)
    c.refuse("in front of the opening line", line + "\n" + log.text(),
             "Verifying a file, 3: the first line isn't an opening line.")
    c.refuse("named by the first row of a chain", Log().rows(2).row(2, prev=quote(sha(line))).row(2).add(line, 1),
             "Rows that were restored or imported: no `prev` names the line.")
    shape = "Rows that were restored or imported: the shape of the line; exactly these members, no space outside strings."
    for member in ("log", "database", "at", "by", "event"):
        c.refuse(f"without {member}", of([at[1, 2]], lambda text, m=member: cut(text, m)), shape)
    for name, changes in {"of another kind": {"provenance": quote("copied")}, "heads null": {"heads": "null"},
                          "heads as an object": {"heads": '{"1":2}'}, "a head as a string": {"heads": '["1:2:%s"]' % at[1, 2][2]},
                          "a head of two elements": {"heads": "[[1,2]]"},
                          "a head of four elements": {"heads": '[[1,2,"%s",0]]' % at[1, 2][2]},
                          "a head with a string for seq": {"heads": '[[1,"2","%s"]]' % at[1, 2][2]},
                          "a head with a leading zero": {"heads": '[[1,02,"%s"]]' % at[1, 2][2]},
                          "a space in heads": {"heads": '[[1, 2,"%s"]]' % at[1, 2][2]},
                          "a head of chain 0": {"heads": '[[0,1,"%s"],[1,2,"%s"]]' % (WRONG, at[1, 2][2])},
                          "by null": {"by": "null"}, "event null": {"event": "null"},
                          "another member": {"note": quote("x")}}.items():
        c.refuse(name, of([at[1, 2]], **changes), shape)
    c.refuse("a head of chain 2147483648", of([at[1, 2], (2147483648, 1, WRONG)]), shape)
    c.refuse("a head of seq 9223372036854775808", of([(1, 2**63, WRONG)]), shape)
    c.refuse("a hash in upper case", of([(1, 2, at[1, 2][2].upper())]), shape)
    c.refuse("a space", of([at[1, 2]], replaced(',"by"', ', "by"')), shape)
    c.refuse("the order of members", of([at[1, 2]], lambda text: text.replace(f'"log":"{LOG % 1}","database":"{DATABASE}"',
            f'"database":"{DATABASE}","log":"{LOG % 1}"')), shape)
    for name in ("30 February", "hour 24", "infinity", "zero at the end of the fraction"):
        c.refuse(f"at, {name}", of([at[1, 2]], at=quote(BAD_TIMES[name])), "Terms: a time.")
    for name in ("upper case", "no hyphens", "35 characters"):
        c.refuse(f"database, {name}", of([at[1, 2]], database=quote(UUIDS[name])), "Terms: a uuid.")
    for name in ("of a slash", "of a letter", "of LF by number, upper case"):
        c.refuse(f"by, an escape {name}", of([at[1, 2]], by=quote(NEEDLESS[name])),
                 "The opening line: an escape that is not needed is refused.")


def cases():
    for topic, make in (("committed", commitments), ("disclosure", disclosures), ("gap", gaps), ("provenance", provenance)):
        exports = Exports(topic)
        make(exports)
        yield from exports.cases
