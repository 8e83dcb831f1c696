#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
# WordPiece by Hugging Face's tokenizers (PyPI, 0.23). word_piece.py writes test/data/word_piece.tsv and the vocabulary beside it, with which
# test/word_piece.cpp compares; word_piece.py PROGRAM LINES lets that program read a table of so many random lines instead, and one of all code points.
# A row: what is done, settings, numbers, texts (%XX for bytes that are no printable ASCII), and for each encoding ids, types, words and places in
# characters; or the text that is decoded.
import pathlib
import random
import subprocess
import sys
import tempfile

from tokenizers import BertWordPieceTokenizer

folder = pathlib.Path(__file__).resolve().parent / "data"
special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
words = """the a of to in is was it for on with as by he she at from his her that which this will would be are not have had their there were been one two
customer bank card payment transfer money account question answer how do i can my why when where what refund exchange rate top up pending déjà vu naïve café über
straße Ærø smörgåsbord Łódź İstanbul ISTANBUL Ελλάδα ελληνικά ΣΊΣΥΦΟΣ Россия ёлка Київ हिन्दी भाषा বাংলা தமிழ் ภาษาไทย العربية فارسی עברית שלום 한국어 서울 日本語
東京 中文 北京 Tiếng Việt ngữ ქართული Հայերեն አማርኛ ខ្មែរ မြန်မာ ﬁnance ① Ⅷ ™ € £ ½ 100 2023 3.14 U.S. don't won't it's rock'n'roll e-mail""".split()
blocks = [(0x20, 0x7F, 30), (0x80, 0x250, 12), (0x250, 0x370, 4), (0x300, 0x370, 6), (0x370, 0x530, 5), (0x590, 0x700, 4), (0x900, 0xE00, 6), (0xE00, 0x1000, 4),
          (0x1000, 0x1800, 4), (0x1AB0, 0x1B00, 2), (0x1C80, 0x1CC0, 2), (0x1DC0, 0x1E00, 2), (0x1E00, 0x2000, 6), (0x2000, 0x2100, 5), (0x2100, 0x2C00, 4),
          (0x2C00, 0x2E80, 3), (0x2E80, 0x3400, 4), (0x3400, 0x4DC0, 2), (0x4E00, 0x9FFF, 6), (0xA000, 0xAC00, 4), (0xAC00, 0xD7B0, 4), (0xE000, 0xE100, 1),
          (0xF900, 0xFB00, 4), (0xFB00, 0x10000, 4), (0x10000, 0x11000, 3), (0x11000, 0x12000, 3), (0x1D000, 0x1D200, 2), (0x1E000, 0x1EA00, 3),
          (0x1F300, 0x1FA00, 4), (0x20000, 0x20100, 1), (0x2B700, 0x2BA00, 1), (0x2F800, 0x2FA20, 2), (0xE0000, 0xE01F0, 1), (0, 0x20, 2), (0xFFF0, 0x10000, 1)]


def letter(rng):
    low, high, _ = rng.choices(blocks, [each[2] for each in blocks])[0]
    return chr(rng.randrange(low, high))


def word(rng):
    kind = rng.random()
    if kind < 0.45:
        text = rng.choice(words)
        return rng.choice([text, text, text.upper(), text.capitalize(), text + rng.choice(words)])
    if kind < 0.5:
        return rng.choice([*special, "[cls]", "[ SEP ]", "##ing", "[MASK][MASK]", "x[SEP]y", "[unused1]"])
    if kind < 0.7:  # letters with marks in any order
        return "".join(letter(rng) + "".join(chr(rng.choice([0x301, 0x323, 0x327, 0x334, 0x345, 0x1DFA, 0x1E008, 0x302E, 0x1D165, 0x8D4, 0x5B0, rng.randrange(0x300, 0x370)]))
                                             for _ in range(rng.randrange(4))) for _ in range(rng.randrange(1, 4)))
    if kind < 0.72:
        return rng.choice("aé中") * rng.choice([99, 100, 101, 102])
    low, high, _ = rng.choice(blocks)
    return "".join(chr(rng.randrange(low, high)) for _ in range(rng.randrange(1, 8)))


def line(rng, longest=12):
    return "".join(word(rng) + rng.choice([" ", " ", " ", " ", "", "  ", "\t", "\n", "\u00a0", "\u3000", ", ", ".", "-", "\u200d"]) for _ in range(rng.randrange(longest)))


def vocabulary(rng, lines):
    """Pieces of lines as the tokenizers see them, and whole words."""
    whole, more = {}, {}
    for lower in (True, False):
        plain = BertWordPieceTokenizer({each: k for k, each in enumerate(special)}, lowercase=lower)
        for text in [*lines, *words]:
            for each, _ in plain.pre_tokenizer.pre_tokenize_str(plain.normalizer.normalize_str(text)):
                for k in range(2):
                    begin = rng.randrange(len(each)) if k else 0
                    piece = each[begin:begin + rng.choice([1, 1, 2, 3, 8])]
                    (more if begin else whole)[piece] = 1
    small = [chr(c) for c in range(33, 127)]
    return list(dict.fromkeys([*special, *small, *("##" + c for c in small if c.isalnum()), *whole, *("##" + each for each in more)]))


def escaped(text):
    data = text if isinstance(text, bytes) else text.encode()
    return "".join(chr(c) if 32 < c < 127 and c != 37 else "%%%02X" % c for c in data) or "%"


def numbers(all):
    return " ".join("-1" if each is None else str(each) for each in all) or "-"


def encodings(all):
    return "\t".join("\t".join([numbers(e.ids), numbers(e.type_ids), numbers(e.word_ids), numbers([k for place in e.offsets for k in place])]) for e in all)


class table:
    def __init__(self, tokens, rng):
        self.rows, self.rng, self.made, self.tokens = [], rng, {}, {each: k for k, each in enumerate(tokens)}

    def tokenizer(self, settings):
        if settings not in self.made:
            self.made[settings] = BertWordPieceTokenizer(self.tokens, lowercase="l" in settings, strip_accents="s" in settings, clean_text="c" in settings,
                                                         handle_chinese_chars="i" in settings)
        made = self.made[settings]
        made.no_truncation()
        return made

    def row(self, what, settings, given, texts, expected):
        self.rows.append("\t".join([what, settings, numbers(given), " ".join(map(escaped, texts)), expected]))

    def one(self, text, settings="lsci"):
        seen = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        self.row("one", settings, [], [text], encodings([self.tokenizer(settings).encode(seen)]))

    def pair(self, first, second, longest, which):
        made = self.tokenizer("lsci")
        if longest:
            made.enable_truncation(longest, strategy=["longest_first", "only_first", "only_second"][which])
        try:
            told = made.encode(first, second)
        except Exception:  # nothing would be left
            return
        self.row("pair", "lsci", [longest, which], [first, second], encodings([told]))

    def parts(self, text, longest, overlap):
        made = self.tokenizer("lsci")
        made.enable_truncation(longest, stride=overlap)
        told = made.encode(text)
        self.row("windows", "lsci", [longest, overlap], [text], encodings([told, *told.overflowing]))

    def split(self, given, longest):
        made = self.tokenizer("ci")
        if longest:
            made.enable_truncation(longest)
        self.row("words", "ci", [longest], given, encodings([made.encode(given, is_pretokenized=True)]))

    def decoded(self, ids):
        made = self.tokenizer("ci")
        for marks in (0, 1):
            self.row("decode", "ci", [marks, *ids], [], escaped(made.decode(ids, skip_special_tokens=not marks)))

    def random_rows(self, count):
        rng = self.rng
        for k in range(count):
            text = line(rng)
            self.one(text, ["lsci", "ci", "lsci", "ci", "lci", "sci", "lsi", "lsc", "", "l"][k % 10])
            if k % 8 == 0:
                self.pair(text, line(rng), rng.choice([0, 4, 7, 8, 13, 20, 31]), rng.randrange(3))
            elif k % 8 == 1:
                longest = rng.randrange(4, 20)
                self.parts(text, longest, rng.randrange(longest - 2))
            elif k % 8 == 2:
                self.split([word(rng) for _ in range(rng.randrange(1, 9))], rng.choice([0, 5, 9, 30]))
            elif k % 8 == 3:
                self.decoded(self.tokenizer("ci").encode(text).ids + [rng.randrange(len(self.tokens)) for _ in range(4)])
            elif k % 8 == 4:
                data = bytearray(text.encode())
                for _ in range(rng.randrange(1, 5)):
                    if data:
                        data[rng.randrange(len(data))] = rng.choice([rng.randrange(256), 0xC3, 0xE4, 0xED, 0xF0, 0xF4, 0xA0, 0xFF])
                self.one(bytes(data))

    def write(self, path, tokens):
        path.with_suffix(".txt").write_text("\n".join(tokens) + "\n")
        path.write_text("\n".join(self.rows) + "\n")


def compare(program, tokens, fill):
    with tempfile.TemporaryDirectory() as place:
        path = pathlib.Path(place) / "lines.tsv"
        made = table(tokens, random.Random(20))
        fill(made)
        made.write(path, tokens)
        print(len(made.rows), "rows", flush=True)
        return subprocess.run([program, "--run_test=tokens_are_those_of_tokenizers", "--", path]).returncode


def main():
    rng = random.Random(1)
    if len(sys.argv) == 1:
        lines = [line(rng) for _ in range(60)]
        tokens = vocabulary(rng, lines)
        made = table(tokens, rng)
        for text in ["", " ", "Hello, World!", "unaffable", "[CLS] is no mark [MASK]", "\u1e9b\u0323", "İI ı", "한국어", "がぎ", "x\u0301\u0323y", "\u0301a", *lines]:
            made.one(text)
            made.one(text, "ci")
        for data in [b"\xff", b"a\xc3", b"\xe4\xb8", b"\xed\xa0\x80b", b"\xf4\x90\x80\x80", b"a\xf0\x9f\x98b \xc0\x80"]:
            made.one(data)
            made.one(data, "")
        made.random_rows(160)
        made.write(folder / "word_piece.tsv", tokens)
        return 0
    program, count = sys.argv[1], int(sys.argv[2])
    seeded = [line(rng) for _ in range(1500)]
    failed = compare(program, vocabulary(rng, seeded), lambda made: made.random_rows(count))
    codes = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000]

    def all_codes(made):
        for k in range(0, len(codes), 512):
            text = "".join("a" + c + "\u0334" + c for c in codes[k:k + 512])
            made.one(text, "lsci" if k % 1024 else "sci")
            made.one(text, "lci" if k % 1024 else "ci")
    return failed or compare(program, vocabulary(rng, ["".join(codes[k:k + 9]) for k in range(0, 0x30000, 9)]), all_codes)


if __name__ == "__main__":
    sys.exit(main())
