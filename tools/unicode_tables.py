#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
# Writes include/typegrad/learn/text/unicode_tables.hpp: what Hugging Face's tokenizers 0.23 know of Unicode when they prepare a text for a model of
# BERT's kind. Their categories are those of Unicode 8.0 with the corrections below, their order of marks that of 9.0, their decompositions those of
# 12.0, their lower case that of 17.0; the rows are taken from Debian's unicode-data (15.0, /usr/share/unicode, licence in its copyright file), of which
# DerivedAge.txt says since when each is there. unicode_tables.py [--check]: with --check it compares every code point with the installed tokenizers.
import pathlib
import sys

data = pathlib.Path("/usr/share/unicode")
target = pathlib.Path(__file__).resolve().parent.parent / "include/typegrad/learn/text/unicode_tables.hpp"

# Where Unicode 15.0 differs from 8.0 about characters that 8.0 has.
no_marks, more_marks, more_punctuation = {0x1885, 0x1886, 0xA9BD, 0x111C9}, {0x1734}, {0x166D, 0x111C9}
# Capital letters of Unicode 16.0 and 17.0, which are not in 15.0: first, how many, distance to the small letter.
capitals = [(0x1C89, 1, 1), (0xA7CB, 1, 0x264 - 0xA7CB), (0xA7CC, 1, 1), (0xA7CE, 1, 1), (0xA7D2, 1, 1), (0xA7D4, 1, 1), (0xA7DA, 1, 1),
            (0xA7DC, 1, 0x19B - 0xA7DC), (0x10D50, 22, 32), (0x16EA0, 25, 27)]


def read():
    category, order, lower, parts, age, first = {}, {}, {}, {}, {}, None
    for line in (data / "UnicodeData.txt").read_text().splitlines():
        code, name, kind, marks, _, decomposition, *_, small, _ = line.split(";")
        code = int(code, 16)
        if name.endswith("First>"):
            first = code
            continue
        for each in range(first if name.endswith("Last>") else code, code + 1):
            category[each], order[each] = kind, int(marks)
        if small:
            lower[code] = int(small, 16)
        if decomposition and decomposition[0] != "<":
            parts[code] = [int(each, 16) for each in decomposition.split()]
    for line in (data / "DerivedAge.txt").read_text().splitlines():
        line = line.split("#")[0]
        if ";" in line:
            codes, since = line.split(";")
            codes = [int(each, 16) for each in codes.split("..")]
            for each in range(codes[0], codes[-1] + 1):
                age[each] = tuple(map(int, since.split(".")))
    return category, order, lower, parts, age


category, order, lower, parts, age = read()


def old(code, version=(8, 0)):
    return age[code] <= version


marks = {c for c, k in category.items() if k == "Mn" and old(c)} - no_marks | more_marks
punctuation = {c for c, k in category.items() if k[0] == "P" and old(c)} | more_punctuation | {c for c in range(33, 127) if not chr(c).isalnum()}
dropped = {c for c, k in category.items() if (k in ("Cc", "Cf") and old(c)) or k == "Co"} - {9, 10, 13} | {0xFFFD}
white = {c for c, k in category.items() if k in ("Zs", "Zl", "Zp")} | {*range(9, 14), 0x85}
orders = {c: k for c, k in order.items() if k and old(c, (9, 0))}
orders.update({c: orders[parts[c][0]] for c in marks if c not in orders and parts.get(c, [0])[0] in orders})  # three Tibetan vowels, which are two marks
for begin, count, distance in capitals:
    lower.update({c: c + distance for c in range(begin, begin + count)})
lower.pop(0x130)  # i and a dot above: in code


def whole(code):
    """The decomposition, without marks that are dropped."""
    if code in parts and age[code] <= (12, 0):
        return [each for part in parts[code] for each in whole(part)]
    return [] if code in marks else [code]


bases = {c: whole(c) for c in parts if c not in marks and whole(c) != [c]}


def digits(number):
    """A number in base 26: its last digit is a small letter, the others are capital."""
    text = chr(ord("a") + number % 26)
    while number := number // 26:
        text = chr(ord("A") + number % 26) + text
    return text


def signed(number):
    return 2 * number if number >= 0 else -2 * number - 1


def ranges(codes):
    """Gaps and lengths."""
    text, at, codes = "", 0, sorted(codes)
    while codes:
        count = 1
        while count < len(codes) and codes[count] == codes[0] + count:
            count += 1
        text, at, codes = text + digits(codes[0] - at) + digits(count), codes[0] + count, codes[count:]
    return text


def runs(values, steps):
    """Gaps, lengths, steps of more than one, and values."""
    text, at, codes = "", 0, sorted(values)
    while codes:
        best = (0, 0)
        for step in steps:
            count = 1
            while count < len(codes) and codes[count] == codes[0] + step * count and values[codes[count]] == values[codes[0]]:
                count += 1
            best = max(best, (count, -step))
        count, step = best[0], -best[1]
        text += digits(codes[0] - at) + digits(count) + (digits(step) if len(steps) > 1 else "") + digits(signed(values[codes[0]]))
        at, codes = codes[0], [c for c in codes if c > codes[count - 1]] if step == 1 else [c for c in codes if c not in {codes[0] + step * k for k in range(count)}]
    return text


def decompositions():
    text, at, last = "", 0, 0
    for code in sorted(bases):
        text += digits(4 * (code - at) + len(bases[code]))
        at = code
        for each in bases[code]:
            text, last = text + digits(signed(each - last)), each
    return text


tables = [("marks", "Gaps and lengths of ranges: marks without a width (category Mn).", ranges(marks)),
          ("punctuation", "Punctuation (P*, and all ASCII that is no letter or digit).", ranges(punctuation)),
          ("dropped", "What is left out of a clean text (Cc, Cf, Co, U+FFFD).", ranges(dropped)),
          ("white_space", "White space.", ranges(white)),
          ("mark_orders", "Gaps, lengths and twice the canonical combining class.", runs(orders, [1])),
          ("small_letters", "Gaps, lengths, steps and distances of capital letters to small ones.",
           runs({c: l - c for c, l in lower.items()}, [1, 2])),
          ("bases", "Four times the gap, plus how many characters are left of one that is decomposed (NFD) without its marks; each as the "
           "distance to the one before.", decompositions())]


def written():
    head = """// SPDX-License-Identifier: BSL-1.0
// Written by tools/unicode_tables.py from the data of Unicode 15.0 (Debian's unicode-data; (c) Unicode, Inc.,
// Unicode License), as far as Hugging Face's tokenizers 0.23 know them. Numbers in base 26, one behind the
// other: the last digit of each is a small letter, the others are capital. Where a number may have a sign,
// n >= 0 stands as 2n and n < 0 as -2n - 1.
#pragma once
#include "../../support/compiler/begin.hpp"

namespace tg::detail::unicode {

// clang-format off
"""
    for name, what, text in tables:
        lines, line = [], ""
        for word in what.split():
            if len(line) + len(word) > 100:
                lines.append(line)
                line = ""
            line += (" " if line else "") + word
        head += "".join(f"/// {each}\n" for each in [*lines, line])
        head += f"inline constexpr char {name}[] =\n" + "\n".join(f'    "{text[k:k + 100]}"' for k in range(0, len(text), 100)) + ";\n"
    return head + """// clang-format on

}  // namespace tg::detail::unicode

#include "../../support/compiler/end.hpp"
"""


def check():
    """Each code point by the tokenizers; prints those of which they know something else."""
    from tokenizers import normalizers, pre_tokenizers
    asked = [normalizers.BertNormalizer(clean_text=k == 0, handle_chinese_chars=False, strip_accents=k == 1, lowercase=k == 2) for k in range(3)]
    words, nfd, wrong = pre_tokenizers.BertPreTokenizer(), normalizers.NFD(), 0
    for code in (c for c in range(0x110000) if not 0xD800 <= c < 0xE000):
        letter, hangul = chr(code), 0xAC00 <= code < 0xAC00 + 11172
        clean = "" if code in dropped else " " if code in white else letter
        bare = "" if code in marks else "".join(map(chr, bases.get(code, [code])))
        small = "i\u0307" if code == 0x130 else chr(lower.get(code, code))
        parts = 3 if code in punctuation else 2 if code in white else 1
        told = [each.normalize_str(letter) for each in asked] + [len(words.pre_tokenize_str("a" + letter + "b"))]
        moved = code in parts_of_nfd or nfd.normalize_str("a" + letter + "\u0334")[1] == "\u0334" and code != 0x334
        if told != [clean, bare if not hangul else told[1], small, parts] or (code not in parts_of_nfd and moved != (orders.get(code, 0) > 1)):
            wrong += 1
            print(f"U+{code:04X}", told, [clean, bare, small, parts], moved, orders.get(code, 0))
    print(wrong, "code points differ")
    return wrong > 0


parts_of_nfd = {c for c in parts}
if "--check" in sys.argv:
    sys.exit(check())
target.write_text(written())
