# SPDX-License-Identifier: BSL-1.0
# Checks one case of misuse: check.py CASE.cpp -- COMPILER ARGUMENTS... The file must compile as it stands (the positive
# twin) and must fail with -DMUST_FAIL, and the compiler must then print every sentence that the file expects:
#
#   // expect: diff: variable 'z' does not occur in the formula; it has x, y.
#   #ifdef MUST_FAIL
#   ... the misuse ...
#   #else
#   ... the same, done right ...
#   #endif
import os
import pathlib
import re
import subprocess
import sys


def expected_sentences(source):
    return [s.strip() for s in re.findall(r"^// expect: (.*)$", source, re.MULTILINE)]


def readable(diagnostics):
    """The text that a person reads: no quoted source lines, no escapes, texts printed in pieces or as characters joined."""
    text = re.sub(r"^ +\d* \|.*$", "", diagnostics, flags=re.MULTILINE)
    text = text.replace("\u2018", "'").replace("\u2019", "'")
    # {'d', 'i', 'f'} and {(char)100, (char)105}: one text
    text = re.sub(r"\(char\)(\d+)", lambda m: "'%s'" % chr(int(m.group(1))), text)
    text = re.sub(r"'(?:\\?.)'(?:, ?'(?:\\?.)')+", lambda m: '"%s"' % "".join(re.findall(r"'\\?(.)'(?:, ?)?", m.group())), text)
    # clang prints a composed text as its parts: join<text<5>{"abcd"}, text<3>{"ef"}>
    text = re.sub(r'(?<!\\)"\}*, (?:[\w:]+<\d+>)?\{*"', "", text)
    text = text.replace("\\'", "'").replace('\\"', '"').replace("\\\\", "\\")
    return re.sub(r"\s+", " ", text)


def compile_case(command, case, *more):
    # Messages in English, each on one line.
    environment = dict(os.environ, LC_ALL="C")
    run = subprocess.run([*command, "-fmessage-length=0", "-fsyntax-only", *more, case],
                         env=environment, capture_output=True, text=True, errors="replace")
    return run.returncode == 0, run.stdout + run.stderr


def check(case, command):
    """The complaint about a case, or None."""
    sentences = expected_sentences(pathlib.Path(case).read_text())
    if not sentences:
        return "the file has no line '// expect: the sentence'"
    compiles, output = compile_case(command, case)
    if not compiles:
        return "the positive twin does not compile:\n" + output
    compiles, output = compile_case(command, case, "-DMUST_FAIL")
    if compiles:
        return "it compiles with -DMUST_FAIL"
    for sentence in sentences:
        if re.sub(r"\s+", " ", sentence) not in readable(output):
            return f"the compiler does not print\n  {sentence}\nbut\n{output}"
    print(f"{len(output.splitlines())} lines of diagnostics, with: " + " / ".join(sentences))
    return None


if __name__ == "__main__":
    split = sys.argv.index("--")
    complaint = check(sys.argv[1], sys.argv[split + 1:])
    if complaint:
        sys.exit(f"{sys.argv[1]}: {complaint}")
