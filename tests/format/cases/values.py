"""What is in `row`: any JSON object, and nothing that JSON has not. And the bytes of lines."""
from cases import Exports, Log, encode

DEEP = 100000

GOOD = {
    "no member": "{}", "spaces between tokens": '{ "a" : [ 1 ,\t2 ] , "b" : { } }', "repeated keys": '{"a":1,"a":2}',
    "an empty key": '{"":0}',
    "numbers": '{"v":[0,-0,1.5,-12.50,1e5,1E+5,1e-05,0.0e0,1e999]}', "a number of 20,000 digits": '{"v":%s}' % ("9" * 20000),
    "a fraction of 20,000 digits": '{"v":0.%s}' % ("9" * 20000), "literals": '{"v":[true,false,null]}',
    "escapes": '{"v":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00E9\\ud83d\\udd12\\u0000"}',
    "half of a surrogate pair, escaped": '{"v":"\\ud800 \\udc00"}',
    "an escape in a key": '{"\\u0061":1}', "the names of our members": '{"row":{"row":1},"prev":"x","chain":[]}',
    "line separators that are no LF": '{"v":"\u2028\u2029\u0085"}',
    "DEL and beyond": '{"v":"\u007f\u0080\ufeff\uffff\U0010ffff"}',
    "the words NaN and Infinity in strings": '{"NaN":"NaN","v":["Infinity","-Infinity"]}',
    "nested deep": '{"v":%s1%s}' % ("[" * DEEP, "]" * DEEP), "objects nested deep": '%s1%s' % ('{"a":' * 5000, "}" * 5000),
    "a long string": '{"v":"%s"}' % ("x" * 100000),
}

BAD = {
    "NaN": '{"v":NaN}', "Infinity": '{"v":Infinity}', "-Infinity": '{"v":[-Infinity]}', "NaN, nested": '{"v":[{"a":[NaN]}]}',
    "a comment": '{"v":1/*x*/}',
    "a comma too many": '{"v":1,}', "a comma too many in an array": '{"v":[1,]}', "two commas": '{"v":[1,,2]}',
    "a comma alone": "{,}", "a comma in front": '{"v":[,1]}',
    "single quotes": "{'v':1}", "a key without quotes": "{v:1}", "a number as key": "{1:1}", "no colon": '{"v" 1}',
    "no value": '{"v":}', "no comma": '{"v":[1 2]}', "a key alone": '{"v"}',
    "a leading zero": '{"v":01}', "minus and a leading zero": '{"v":-01}', "no digit behind the point": '{"v":1.}',
    "no digit before the point": '{"v":.5}', "a plus": '{"v":+1}',
    "hex": '{"v":0x10}', "a minus alone": '{"v":-}', "an exponent without digits": '{"v":1e}',
    "digits that are not ASCII": '{"v":1\u0662}', "an underscore": '{"v":1_000}',
    "a literal cut off": '{"v":tru}', "a literal in upper case": '{"v":True}', "undefined": '{"v":undefined}',
    "a raw tab in a string": '{"v":"a\tb"}', "a raw control character in a string": '{"v":"a\x01b"}',
    "a raw NUL in a string": '{"v":"a\0b"}', "a raw control character in a key": '{"a\x1f":1}',
    "a form feed between tokens": '{"v":\f1}', "a vertical tab between tokens": '{"v":\v1}',
    "a no-break space between tokens": '{"v":\u00a01}', "a byte order mark between tokens": '{"v":\ufeff1}',
    "an escape that JSON has not": '{"v":"\\x41"}', "an escape of three digits": '{"v":"\\u041"}',
    "an escape with a G": '{"v":"\\u004G"}', "an escape in upper case": '{"v":"\\U0041"}',
    "an escape with a sign": '{"v":"\\u+041"}', "a backslash before the quote": '{"v":"a\\"}',
    "a string that is not closed": '{"v":"a}', "an object that is not closed": '{"v":1',
    "an array that is not closed": '{"v":[1}', "closed wrongly": '{"v":[1}]', "closed once too often": '{"v":1}}',
    "an object closed as an array": '{"v":1]',
    "nested deep and not closed": '{"v":%s' % ("[" * DEEP), "nested deep and closed wrongly": '{"v":%s%s}' % ("[" * 5000,
            "}" * 5000),
    "nested deep, one bracket too few": '{"v":%s1%s}' % ("[" * 5000, "]" * 4999),
    "nested deep, one bracket too many": '{"v":%s1%s}' % ("[" * 5000, "]" * 5001),
    "nested deep, NaN inside": '{"v":%sNaN%s}' % ("[" * 5000, "]" * 5000),
    "nested deep, a comma too many inside": '{"v":%s1,%s}' % ("[" * 5000, "]" * 5000),
    "nested deep, and a member behind row": '{"v":%s1%s},"x":1' % ("[" * 5000, "]" * 5000),
    "nested deep, a key without value inside": '{"v":%s{"a"}%s}' % ("[" * 5000, "]" * 5000),
    "nested deep, an escape that JSON has not": '{"v":%s"\\x"%s}' % ("[" * 5000, "]" * 5000),
}

NO_UTF8 = {
    "a continuation byte alone": b"\x80", "an overlong NUL": b"\xc0\x80", "an overlong slash": b"\xc1\xaf",
    "overlong, three bytes": b"\xe0\x80\xaf", "overlong, four bytes": b"\xf0\x80\x80\xaf",
    "half of a surrogate pair": b"\xed\xa0\x80", "a surrogate pair": b"\xed\xa0\xbd\xed\xb4\x92",
    "above U+10FFFF": b"\xf4\x90\x80\x80", "a byte F5": b"\xf5\x80\x80\x80",
    "a byte FF": b"\xff", "a character cut off": b"\xe2\x82", "Latin-1": b"gr\xfc\xdfe",
}


def values(c):
    for name, value in GOOD.items():
        c.accept(name, Log().row().row(row=value).row(),
                 "The row's line: to a verifier `row` is any JSON object, of any depth, with any spelling that RFC 8259 allows.")
    for name, value in BAD.items():
        c.refuse(name, Log().row().row(row=value).row(), "Verifying a file, 2: JSON is that of RFC 8259 and no more.")


def bytes_(c):
    good = Log().rows(2).row(2)
    not_utf8 = "Verifying a file, 2: a line is not UTF-8."
    for name, value in NO_UTF8.items():
        text = value.decode("utf-8", "surrogateescape")
        c.refuse(f"{name} in a row", Log().row().row(row='{"v":"%s"}' % text).row(), not_utf8)
        if name in ("a byte FF", "an overlong slash", "half of a surrogate pair"):
            c.refuse(f"{name} in the opening line", Log(table=f'"public.{text}"').row(), not_utf8)
            c.refuse(f"{name} in a key of a row", Log().row(row='{"%s":1}' % text).row(), not_utf8)
    c.refuse("UTF-16", b"\xff\xfe" + good.text().encode("utf-16-le"), not_utf8)
    no_cr = "The export file: no CR."
    c.refuse("CRLF at the line ends", encode(good.text("\r\n")), no_cr)
    c.refuse("CR at the line ends", encode(good.text("\r")), no_cr)
    c.refuse("CRLF at the line ends, hashes with the CR", Log(edit=lambda line: line + "\r").row(edit=lambda line: line + "\r"),
             no_cr)
    c.refuse("a CR between tokens of a row", Log().row(row='{"v":\r1}').row(), no_cr)
    c.refuse("a CR in a string of a row", Log().row(row='{"v":"a\rb"}').row(), no_cr)
    c.refuse("a CR behind the last line", good.text() + "\r", no_cr)
    c.refuse("a LF between tokens of a row", Log().row(row='{"v":\n1}').row(),
             "Terms: no line holds a LF byte; these are two lines.")
    c.accept("the last LF missing", good.text()[:-1], "The export file: the last line's may be missing.")
    c.accept("the last LF missing, no rows", Log().opening, "The export file: the last line's may be missing.")
    blank = "The export file: no blank line."
    c.refuse("a blank line in front", "\n" + good.text(), blank)
    c.refuse("a blank line behind the opening line", Log().add("").row(), blank)
    c.refuse("a blank line among rows", Log().row().add("").row(), blank)
    c.refuse("a blank line at the end", good.text() + "\n", blank)
    c.refuse("a line of spaces at the end", good.text() + "  ", blank)
    c.refuse("a blank line between logs", good.text() + "\n" + Log(2).row().text(), blank)
    c.refuse("a NUL at the end", good.text() + "\0", "Verifying a file, 2: a line is not JSON.")
    no_mark = "The export file: no byte order mark."
    c.refuse("a byte order mark", "\ufeff" + good.text(), no_mark)
    c.refuse("a byte order mark, hashes with it", Log(edit=lambda line: "\ufeff" + line).row(), no_mark)
    c.refuse("a byte order mark in the second line", Log().row(edit=lambda line: "\ufeff" + line).row(), no_mark)
    c.refuse("two lines in one", "".join(good.lines), "The export file: each line ends with one LF.")
    c.refuse("the last line cut off", good.text()[:-20], "Verifying a file, 2: a line is not JSON.")
    c.refuse("backslashes doubled, as COPY does", Log().row(row='{"v":"a\\"b"}').row().text().replace("\\", "\\\\"),
             "The export file: COPY doubles backslashes.")


def cases():
    for topic, make in (("row", values), ("bytes", bytes_)):
        exports = Exports(topic)
        make(exports)
        yield from exports.cases
