#!/usr/bin/env python3
"""Change one byte of one stored row: attack.py FILE (BLOCK,OFFSET) TEXT, or take that back: attack.py --undo FILE REPORT

FILE is a table's file of a server that does not run. In the row at that ctid, the last letter or digit of TEXT
becomes another one. Prints where and what. It goes through no SQL and leaves every length and index as it was.
"""
import re
import struct
import sys

PAGE, SEGMENT = 8192, 131072        # bytes in a page, pages in a file

if sys.argv[1] == "--undo":             # REPORT is what the attack printed
    with open(sys.argv[3], encoding="utf-8") as report:
        position, old = re.fullmatch(r"byte (\d+) of the file: '(.)' is '.' now\n", report.read()).groups()
    with open(sys.argv[2], "r+b") as file:
        file.seek(int(position))
        file.write(old.encode())
    sys.exit()

name, ctid, text = sys.argv[1:]
block, offset = map(int, re.fullmatch(r"\((\d+),(\d+)\)", ctid).groups())
if block >= SEGMENT:
    name, block = f"{name}.{block // SEGMENT}", block % SEGMENT
with open(name, "r+b") as file:
    file.seek(block * PAGE)
    page = file.read(PAGE)
    pointer, = struct.unpack_from("=I", page, 24 + 4 * (offset - 1))    # lp_off:15, lp_flags:2, lp_len:15
    start, flags, length = pointer & 0x7FFF, pointer >> 15 & 3, pointer >> 17
    if flags != 1:
        sys.exit(f"there is no row at {ctid}")
    row = page[start:start + length]
    if row.count(text.encode()) != 1:
        sys.exit(f"the row at {ctid} holds '{text}' {row.count(text.encode())} times, not once")
    last = max(i for i, c in enumerate(text) if c.isascii() and c.isalnum())
    old = ord(text[last])
    new = old - 1 if chr(old) in "zZ9" else old + 1
    position = block * PAGE + start + row.index(text.encode()) + len(text[:last].encode())
    file.seek(position)
    file.write(bytes([new]))
print(f"byte {position} of the file: '{chr(old)}' is '{chr(new)}' now")
