# SPDX-License-Identifier: BSL-1.0
# Checks the runner: it must complain of a case without a sentence, a twin that fails, a misuse that compiles, and a
# missing sentence (also one that stands in the source only), a sentence behind other errors, and must read the spellings of the supported compilers.
import sys
import tempfile

import check

cases = {
    "no sentence": "int x;\n",
    "twin fails": "// expect: unknown\nunknown x;\n",
    "misuse compiles": "// expect: anything\nint x;\n",
    "late sentence": '// expect: late\n#ifdef MUST_FAIL\nunknown x;\nunknown y;\nunknown z;\nstatic_assert(false, "late");\n#endif\n',
    "wrong sentence": "// expect: not printed\n#ifdef MUST_FAIL\nunknown x; // not printed\n#endif\n",
}
spellings = {
    "g++, escaped": r"""note: 'error<text<9>{"it\'s \"so\""}>' evaluates to false""",
    "clang": r"""requirement 'error<"it's \"so\"">'""",
    "clang, composed": r"""'error<join<text<5>{"it's "}, tg::text<5>{"\"so\""}>()>'""",
    "characters": r"""{{'i', 't', '\'', 's', ' ', '"', 's', 'o', '"'}}""",
    "numbers": "{(char)105, (char)116, (char)39, (char)115, (char)32, (char)34, (char)115, (char)111, (char)34}",
}

command = sys.argv[sys.argv.index("--") + 1:]
with tempfile.TemporaryDirectory() as folder:
    for name, source in cases.items():
        with open(f"{folder}/case.cpp", "w") as file:
            file.write(source)
        if name != "late sentence" or check.compiler_of(command) in check.LATER:
            assert check.check(file.name, command), f"the runner accepts: {name}"
for name, text in spellings.items():
    assert """it's "so\"""" in check.readable(text), f"{name}: read as {check.readable(text)}"
