"""Order, links, heads: what lines must be to each other."""
from cases import Exports, Log, quote, sha

WRONG = "0" * 64


def order(c):
    first = "Verifying a file, 3: the first line isn't an opening line."
    c.refuse("no line", "", first)
    c.refuse("one LF", "\n", "The export file: no blank line.")
    c.refuse("no opening line", "".join(line + "\n" for line in Log().rows(2).lines[1:]), first)
    log = Log().rows(2)
    c.refuse("the opening line behind the first row", "".join(line + "\n" for line in [log.lines[1], log.lines[0], log.lines[2]]),
             first)
    c.accept("several logs", Log().rows(2).text() + Log(2).rows(2).row(2).text() + Log(3).text() + Log(4).row().text(),
             "The export file: a file may hold several logs.")
    twice = "Verifying a file, 3: a log occurs twice."
    c.refuse("a log twice", log.text() + log.text(), twice)
    c.refuse("a log twice, once without rows", Log().text() + log.text(), twice)
    c.refuse("a log twice, another between", log.text() + Log(2).row().text() + log.text(), twice)
    c.refuse("a log twice under two names", log.text() + Log(table='"public.t2"').row().text(), twice)
    c.accept("a log's uuid in two databases", log.text() + Log(database='"6a3c0f7e-52d1-4d7b-9a35-1c2e8f4b7d90"').row().text(),
             "The opening line: the extension's own logs have the same uuids in every database, and differ by `database`.")
    c.accept("chain numbers that are missing", Log().row(3).row(17).row(2147483647), "Terms: a chain's number may be missing.")
    c.accept("chains that begin alike", Log().rows(2).rows(2, 2).rows(2, 3),
             "The row's line: for seq 1, in every chain, `prev` is the hash of the opening line.")
    follow = "Verifying a file, 4: a seq doesn't follow the one before by 1."
    c.refuse("a chain begins at seq 2", Log().row(seq=2).row(), "Verifying a file, 4: a chain does not begin at seq 1.")
    c.refuse("the second chain begins at seq 2", Log().row().row(2, seq=2),
             "Verifying a file, 4: a chain does not begin at seq 1.")
    c.refuse("a seq is left out", Log().rows(2).row(seq=4).row(), follow)
    c.refuse("a seq twice", Log().rows(2).row(seq=2).row(), follow)
    c.refuse("a seq goes back", Log().rows(3).row(seq=1).row(), follow)
    c.refuse("a row twice", "".join(line + "\n" for line in [*log.lines, log.lines[-1]]), follow)
    lines = Log().rows(4).lines
    c.refuse("a row taken out", "".join(line + "\n" for line in lines[:2] + lines[3:]), follow)
    c.refuse("two rows exchanged", "".join(line + "\n" for line in [*lines[:2], lines[3], lines[2], lines[4]]), follow)
    c.refuse("a chain behind a higher one", Log().row(2).row(1), "Verifying a file, 4: a chain comes after a higher one.")
    c.refuse("a chain in two parts", Log().row(1).row(2).row(1), "Verifying a file, 4: a chain comes after a higher one.")
    c.refuse("chains in the order of their digits", Log().row(1).row(10).row(2),
             "Verifying a file, 4: a chain comes after a higher one.")


def links(c):
    prev = "Verifying a file, 5: `prev` isn't the hash of the line before."
    c.accept("a good chain", Log().rows(10), "A good file.")
    c.refuse("a row changed", Log().rows(5).text().replace("value 1/3", "Value 1/3"), prev)
    c.refuse("the first row changed", Log().rows(5).text().replace("value 1/1", "Value 1/1"), prev)
    c.refuse("the last row but one changed", Log().rows(5).text().replace("value 1/4", "Value 1/4"), prev)
    c.accept("the last row changed", Log().rows(5).text().replace("value 1/5", "Value 1/5"),
             "What a file proves: nothing vouches for the last line of a chain.")
    c.accept("the end of a chain cut off", "".join(line + "\n" for line in Log().rows(5).lines[:4]),
             "What a file proves: it doesn't prove that no lines were cut off at the end of a chain.")
    c.refuse("the session of a row changed", Log().rows(3).text().replace('"session":17', '"session":18', 2), prev)
    c.refuse("a space more in a row", Log().rows(3).text().replace('{"id":2,', '{"id": 2,'), prev)
    c.refuse("an escape spelled in another way", Log().row(row='{"v":"A"}').row().text().replace('"A"', '"\\u0041"'), prev)
    c.refuse("a table's name changed", Log().rows(2).text().replace("public.t1", "public.t2"), prev)
    c.refuse("the opening line changed, rows only in a later chain", Log().row(5).text().replace("alice", "mallory"), prev)
    c.refuse("prev changed", Log().rows(2).row(prev=quote(WRONG)).row(), prev)
    c.refuse("prev of the last row changed", Log().rows(2).row(prev=quote(WRONG)), prev)
    c.refuse("prev of the first row changed", Log().row(prev=quote(WRONG)).row(), prev)
    log = Log()
    c.refuse("seq 2 names the opening line", log.row().row(prev=quote(sha(log.opening))).row(), prev)
    log = Log().row()
    c.refuse("seq 1 of chain 2 names the end of chain 1", log.row(2, prev=quote(log.head()[2])).row(2), prev)
    log = Log().rows(2)
    c.refuse("a row names the row before the one before", log.row(prev=quote(sha(log.lines[-2]))).row(), prev)
    c.refuse("a row names itself with zeros", Log().row().row(prev=quote(WRONG)).row(), prev)
    c.refuse("a chain of another log", "".join(line + "\n" for line in Log().row().lines + Log(2).rows(2, 2).lines[1:]), prev)
    c.refuse("a chain of the same log in another database", "".join(
        line + "\n" for line in Log().row().lines + Log(database='"6a3c0f7e-52d1-4d7b-9a35-1c2e8f4b7d90"').rows(2, 2).lines[1:]),
        prev)
    c.refuse("the hash covers the LF", log_with_lf(), "Terms: `prev` is a hash, that of a line's bytes without its line end.")
    c.refuse("the second log of a file", Log().rows(2).text() + Log(2).rows(3).text().replace("value 1/2", "Value 1/2"), prev)


def log_with_lf():
    log = Log()
    log.row(prev=quote(sha(log.opening + "\n")))
    log.row(prev=quote(sha(log.lines[-1] + "\n")))
    return log


def heads(c):
    log, more = Log().rows(5).rows(3, 2).row(4), Log(2).rows(2)
    at = {(chain, seq): (chain, seq, sha(log.lines[n])) for n, (chain, seq) in enumerate(
        [(1, 1), (1, 2), (1, 3), (1, 4), (1, 5), (2, 1), (2, 2), (2, 3), (4, 1)], 1)}
    rule = "Verifying a file, 6: a head obtained elsewhere is the hash of the file's row with that chain and seq."
    c.accept("of every chain", log, rule, [at[1, 5], at[2, 3], at[4, 1]])
    for place in ((1, 1), (1, 3), (2, 3)):
        c.accept(f"of chain {place[0]}, seq {place[1]}", log, rule, [at[place]])
    c.accept("twice the same", log, rule, [at[1, 5], at[1, 5]])
    c.accept("two of one chain", log, rule, [at[1, 2], at[1, 5]])
    c.accept("in another order", log, rule, [at[4, 1], at[1, 5], at[1, 2]])
    c.accept("leaves a later row unvouched for", log.text().replace("value 1/5", "Value 1/5"),
             "What a file proves: a head says nothing about lines after it.", [at[1, 4]])
    isnt = "Verifying a file, 6: a head obtained elsewhere isn't the hash of the file's row with that chain and seq."
    no_row = "Verifying a file, 6: the file has no such row or no such chain."
    c.refuse("another hash", log, isnt, [(1, 5, WRONG)])
    c.refuse("another hash, in the middle", log, isnt, [(1, 3, WRONG), at[1, 5]])
    c.refuse("the hash of another row", log, isnt, [(1, 4, at[1, 5][2])])
    c.refuse("the hash of another chain's row", log, isnt, [(2, 1, at[1, 1][2])])
    c.refuse("the hash of the opening line", log, isnt, [(1, 1, sha(log.opening))])
    c.refuse("two that contradict each other", log, isnt, [at[1, 5], (1, 5, WRONG)])
    c.refuse("the last row changed", log.text().replace("value 1/5", "Value 1/5"), isnt, [at[1, 5]])
    c.refuse("a chain's only row changed", log.text().replace("value 4/1", "Value 4/1"), isnt, [at[4, 1]])
    c.refuse("above the chain's end", log, no_row, [at[1, 5], (1, 6, WRONG)])
    c.refuse("far above the chain's end", log, no_row, [(1, 2**63 - 1, WRONG)])
    c.refuse("of a chain that isn't there", log, no_row, [(3, 1, WRONG)])
    c.refuse("of a chain above all others", log, no_row, [(2147483647, 1, WRONG)])
    c.refuse("of a log without rows", Log(), no_row, [(1, 1, WRONG)])
    c.refuse("the end cut off", "".join(line + "\n" for line in log.lines[:5] + log.lines[6:]), no_row, [at[1, 5]])
    c.refuse("a chain cut off", "".join(line + "\n" for line in log.lines[:9]), no_row, [at[4, 1]])
    one_log = "The export file: heads are compared with a file of one log."
    c.refuse("with two logs, of the first", log.text() + more.text(), one_log, [at[1, 5]])
    c.refuse("with two logs, of the second", log.text() + more.text(), one_log, [more.head()])
    c.refuse("with two logs, of both", log.text() + Log(2).text(), one_log, [at[1, 5], at[2, 3]])


def cases():
    for topic, make in (("order", order), ("links", links), ("heads", heads)):
        exports = Exports(topic)
        make(exports)
        yield from exports.cases


