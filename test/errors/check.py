# SPDX-License-Identifier: BSL-1.0
# Checks one case of misuse: check.py CASE.cpp -- COMPILER ARGUMENTS... The file must compile as it stands (the positive
# twin) and must fail with -DMUST_FAIL, and the compiler must then print every sentence that the file expects, each within the first
# three lines of its error, and one of them within the first three of all (lines "In file included from" do not count):
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


FIRST = 3  # lines, in which a sentence must stand

# The cases in which it stands further down, by compiler. The list can only get shorter: a case that needs it no more is reported.
LATER = {
    "g++ 12": {"array_derivatives", "array_reshape", "c_of_arrays", "group_index", "model_functions",
               "model_places", "model_sequences", "model_states", "models", "numeric_third_derivative", "operator_unknown",
               "primitive_not_constexpr", "primitive_without_derivative", "random_numbers", "runner_finds_sentence", "training",
               "trace_standard_function"},
    "clang 19": {"c_function_name", "c_of_arrays", "formula_too_large", "model_functions", "model_places", "model_sequences",
                 "model_states", "models", "numeric_third_derivative", "primitive_not_constexpr", "primitive_without_derivative",
                 "trace_standard_function"},
}


def errors_of(diagnostics):
    """The lines of each error, from where the compiler begins to say how it came there; without "In file included from"."""
    errors = [[]]
    for line in diagnostics.splitlines():
        is_path = re.match(r"In file included from |\s+from ", line)
        is_error = re.search(r": (?:fatal )?(?:error|warning): ", line)
        begins = is_path or is_error or re.match(r"\S+: (?:In |At global scope)", line)
        # A note of the error before may have paths of its own in front.
        notes = is_error and any(": note: " in each for each in errors[-1])
        if notes or begins and any(re.search(r": (?:fatal )?(?:error|warning): ", each) for each in errors[-1]):
            errors.append([])
        if not is_path:
            errors[-1].append(line)
    return errors


def line_of(sentence, lines):
    """The line, from 1, in which a sentence is complete; None if it is not there."""
    if sentence not in readable("\n".join(lines)):
        return None
    return next(n for n in range(1, len(lines) + 1) if sentence in readable("\n".join(lines[:n])))


def places(sentences, diagnostics):
    """For each sentence its line in its error, and before these the first line of all in which one stands."""
    errors = errors_of(diagnostics)
    lines = [line for error in errors for line in error]
    yield min(line_of(sentence, lines) for sentence in sentences)
    for sentence in sentences:
        found = [line_of(sentence, error) for error in errors]
        yield min((line for line in found if line), default=len(lines))


def compiler_of(command):
    """The compiler with its major version, as LATER names it."""
    run = subprocess.run([command[0], "-x", "c++", "-E", "-dM", "-"], input="", capture_output=True, text=True)
    macros = dict(line.split(" ", 2)[1:] for line in run.stdout.splitlines() if line.count(" ") > 1)
    return f"clang {macros['__clang_major__']}" if "__clang_major__" in macros else f"g++ {macros.get('__GNUC__')}"


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
    lines = list(places([re.sub(r"\s+", " ", sentence) for sentence in sentences], output))
    print(f"{len(output.splitlines())} lines of diagnostics, in the lines {lines}: " + " / ".join(sentences))
    name, later = pathlib.Path(case).stem, LATER.get(compiler_of(command))
    if later is None:  # a compiler that the list does not know
        return None
    if max(lines) > FIRST and name not in later:
        return f"a sentence stands in line {max(lines)} (all: {lines}) and must stand in the first {FIRST}:\n{output}"
    if max(lines) <= FIRST and name in later:
        return f"its sentences stand in the first {FIRST} lines: take it out of LATER"
    return None


if __name__ == "__main__":
    split = sys.argv.index("--")
    complaint = check(sys.argv[1], sys.argv[split + 1:])
    if complaint:
        sys.exit(f"{sys.argv[1]}: {complaint}")
