#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Runs the CO2 demo on missing and damaged files: each must end with status 1, one sentence on standard error that names what is
wrong, and no picture, whole or in part. Then on the good file: status 0 and a picture that is well-formed XML.

Usage: demo_errors.py PROGRAM CSV"""

import os
import sys
import tempfile
import xml.etree.ElementTree

import refusals

PROGRAM, GOOD_FILE = (os.path.abspath(path) for path in sys.argv[1:3])
with open(GOOD_FILE, "rb") as file:
    GOOD = file.read()
LINES = GOOD.split(b"\n")
check = refusals.Check(PROGRAM)


def with_line(number, text):
    """The good file with line `number` (the header is line 1) replaced."""
    lines = list(LINES)
    lines[number - 1] = text
    return b"\n".join(lines)


# name, content of the file, what the sentence has to contain
DAMAGED = [
    ("empty", b"", "is empty"),
    ("byte-order mark only", b"\xef\xbb\xbf", "line 1: found '' where the header date,co2 should be"),
    ("byte-order mark twice", b"\xef\xbb\xbf" * 2 + GOOD, "line 1: found '???date,co2' where the header date,co2 should be"),
    ("no header", b"\n".join(LINES[1:]), "line 1: found '19580329,316.1' where the header date,co2 should be"),
    ("binary", os.urandom(5000).replace(b"\n", b"?"), "line 1: found"),
    ("word for a number", with_line(57, b"19590425,high"), "line 57: 'high' is no number"),
    ("number with a tail", with_line(57, b"19590425,317.1x"), "line 57: '317.1x' is no number"),
    ("decimal comma", with_line(57, b"19590425,317,1"), "line 57: found '19590425,317,1' where a row has two fields"),
    ("not a number", with_line(57, b"19590425,nan"), "line 57: 'nan'"),
    ("infinite", with_line(57, b"19590425,inf"), "line 57: 'inf'"),
    ("huge", with_line(57, b"19590425,1e999"), "line 57: '1e999' is no number"),
    ("below what air has", with_line(57, b"19590425,-99.99"), "line 57: '-99.99' ppm is no concentration"),
    ("space", with_line(57, b"19590425, 317.1"), "line 57: ' 317.1' is no number"),
    ("no such day", with_line(57, b"19590231,317.1"), "line 57: '19590231' is no date"),
    ("date in words", with_line(57, b"25 April,317.1"), "line 57: '25 April' is no date"),
    ("empty date", with_line(57, b",317.1"), "line 57: '' is no date"),
    ("dates out of order", with_line(57, b"19580329,317.1"), "line 57: the date '19580329' is not after"),
    ("blank line inside", with_line(57, b""), "line 57: an empty line stands between the rows"),
    ("cut inside a row", GOOD[: GOOD.index(b"19750104,") + 6], "found '197501' where a row has two fields"),
    ("long row", with_line(57, b"x" * 100000), "line 57: found 'xxxx"),
    ("control characters", with_line(57, b"19590425,\x1b[31m317"), "line 57: '?[31m317' is no number"),
    ("header only", b"date,co2\n", "has 0 measurements"),
    ("too few rows", b"\n".join(LINES[:60]) + b"\n", "measurements; the model needs at least"),
    ("nothing measured", b"date,co2\n" + b"\n".join(line[:9] for line in LINES[1:400]) + b"\n", "has 0 measurements"),
]

with tempfile.TemporaryDirectory() as folder:
    table, picture = os.path.join(folder, "table.csv"), os.path.join(folder, "picture.svg")
    for name, content, words in DAMAGED:
        with open(table, "wb") as file:
            file.write(content)
        check.refused(name, words, folder, table, "--out", picture)
    check.refused("missing file", "cannot be opened", folder, os.path.join(folder, "absent.csv"), "--out", picture)
    check.refused("folder as file", "is empty or cannot be read", folder, folder, "--out", picture)
    check.refused("unknown option", "'--picture'", folder, "--picture", picture)
    check.refused("option without its value", "--out", folder, GOOD_FILE, "--out")
    check.refused("two tables", "one", folder, GOOD_FILE, GOOD_FILE, "--out", picture)
    check.refused("picture over the table", "overwrite", folder, table, "--out", table)
    check.refused("no folder for the picture", "cannot be written", folder, GOOD_FILE, "--out", os.path.join(folder, "absent", "p.svg"))

    # A picture that is there stays as it was when the next run fails.
    with open(picture, "w") as file:
        file.write("old")
    check.refused("old picture", "cannot be opened", folder, os.path.join(folder, "absent.csv"), "--out", picture)
    with open(picture) as file:
        check.verdict("old picture is untouched", [] if file.read() == "old" else ["it was changed"], "")

    # The good file, also with the byte-order mark and the line ends of another system and without the last one.
    for name, content in [("good", GOOD), ("carriage returns", GOOD.replace(b"\n", b"\r\n")), ("no last line end", GOOD.rstrip(b"\n")),
                          ("blank lines at the end", GOOD + b"\n\n"), ("byte-order mark", b"\xef\xbb\xbf" + GOOD)]:
        with open(table, "wb") as file:
            file.write(content)
        done = check.run(table, "--out", picture)
        problems = [] if done.returncode == 0 else [f"status {done.returncode}"]
        try:
            root = xml.etree.ElementTree.parse(picture).getroot()
            if len(root.findall("{http://www.w3.org/2000/svg}path")) < 20:
                problems.append("the picture has hardly any lines")
        except (OSError, xml.etree.ElementTree.ParseError) as error:
            problems.append(str(error))
        if sorted(os.listdir(folder)) != ["picture.svg", "table.csv"]:
            problems.append(f"files were left behind: {os.listdir(folder)}")
        check.verdict(name, problems, done.stderr.decode(errors="replace"))

check.finish()
