#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Runs an example on missing and damaged tables, see refusals.py: each of its tables in turn, with the others as they are. Then on the good
tables with the line ends of another system: status 0 and a picture that is well-formed XML.

Usage: example_errors.py PROGRAM CSV..."""

import os
import sys
import tempfile
import xml.etree.ElementTree

import refusals

PROGRAM, *TABLES = (os.path.abspath(path) for path in sys.argv[1:])


def damages(good):
    """Name, content of the file, what the sentence has to contain. Line 9 is damaged, the header is line 1."""
    lines = good.split(b"\n")

    def with_field(text):
        return b"\n".join(lines[:8] + [text + lines[8][lines[8].index(b","):]] + lines[9:])

    yield "empty", b"", "is empty"
    yield "no header", b"\n".join(lines[1:]), "line 1: found"
    yield "binary", bytes(range(256)).replace(b"\n", b"?") * 20, "line 1: found"
    yield "one line without an end", b"7" * 100000, "line 1: found '7777"
    yield "word for a number", with_field(b"high"), "line 9: 'high' is no number"
    yield "number with a tail", with_field(b"3.1x"), "line 9: '3.1x' is no number"
    yield "not a number", with_field(b"nan"), "line 9: 'nan' is out of range"
    yield "infinite", with_field(b"inf"), "line 9: 'inf' is out of range"
    yield "huge", with_field(b"1e999"), "line 9: '1e999' is no number"
    yield "space", with_field(b" 3"), "line 9: ' 3' is no number"
    yield "empty field", with_field(b""), "line 9: '' is no number"
    yield "one field more", with_field(b"3,3"), "line 9: found '3,3"
    yield "control characters", with_field(b"\x1b[31m3"), "line 9: '?[31m3' is no number"
    yield "cut inside a row", b"\n".join(lines[:9])[:-len(lines[8]) + 2], "line 9: found"
    yield "blank line inside", b"\n".join(lines[:8] + [b""] + lines[8:]), "line 9: an empty line stands between the rows"
    yield "header only", lines[0] + b"\n", " has 0 "
    yield "too few rows", b"\n".join(lines[:9]) + b"\n", " has 8 "


check = refusals.Check(PROGRAM)
with tempfile.TemporaryDirectory() as folder:
    damaged, picture = os.path.join(folder, "table.csv"), os.path.join(folder, "picture.svg")
    for index, table in enumerate(TABLES):
        with open(table, "rb") as file:
            good = file.read()

        def tables(replaced):
            return TABLES[:index] + [replaced] + TABLES[index + 1:]

        for name, content, words in damages(good):
            with open(damaged, "wb") as file:
                file.write(content)
            check.refused(f"{os.path.basename(table)}, {name}", words, folder, *tables(damaged), "--out", picture)
        check.refused("missing file", "cannot be opened", folder, *tables(os.path.join(folder, "absent.csv")), "--out", picture)
        check.refused("folder as file", "is empty or cannot be read", folder, *tables(folder), "--out", picture)
        check.refused("picture over the table", "overwrite", folder, *tables(damaged), "--out", damaged)
    check.refused("unknown option", "'--picture'", folder, "--picture", picture)
    check.refused("option without its value", "--out", folder, "--out")
    check.refused("seed that is no number", "--seed", folder, "--seed", "x")
    check.refused("too many tables", "usage: " + check.name, folder, *TABLES, TABLES[0])
    check.refused("no folder for the picture", "cannot be written", folder, "--out", os.path.join(folder, "absent", "p.svg"))

    copies = []
    for index, table in enumerate(TABLES):
        copies.append(os.path.join(folder, f"copy{index}.csv"))
        with open(table, "rb") as file, open(copies[-1], "wb") as copy:
            copy.write(file.read().replace(b"\n", b"\r\n") + b"\r\n")
    done = check.run(*copies, "--out", picture)
    problems = [] if done.returncode == 0 else [f"status {done.returncode}"]
    try:
        if len(xml.etree.ElementTree.parse(picture).getroot().findall("{http://www.w3.org/2000/svg}path")) < 20:
            problems.append("the picture has hardly any lines")
    except (OSError, xml.etree.ElementTree.ParseError) as error:
        problems.append(str(error))
    check.verdict("carriage returns and empty lines at the end", problems, done.stderr.decode(errors="replace"))

check.finish()
