# SPDX-License-Identifier: BSL-1.0
# Every C++ file has the layout that clang-format 14 gives it by the project's .clang-format, and no line of more than
# 110 columns where it could be broken. layout.py PROJECT_ROOT. Other versions of clang-format lay out differently: without
# version 14 the first half is skipped, by name.
import pathlib
import re
import shutil
import subprocess
import sys

from files import project_files

width = 110
root = pathlib.Path(sys.argv[1]).resolve()
sources = sorted(path for path in project_files(root) if path.suffix in {".hpp", ".cpp"})


def formatter():
    """The command clang-format of version 14, or None."""
    for name in ("clang-format-14", "clang-format"):
        if shutil.which(name):
            version = subprocess.run([name, "--version"], capture_output=True, text=True).stdout
            if re.search(r"version 14\.", version):
                return name
    return None


def can_be_broken(line):
    """Whether a line is too long although no word or literal in it is so long that it has to be."""
    if re.match(r"\s*// (expect|code): ", line):  # a sentence that is read as one line
        return False
    longest = max((len(part) for part in re.findall(r'"(?:[^"\\]|\\.)*"|\S+', line)), default=0)
    return len(line) > width and longest < 80


def long_lines(path):
    table = False  # rows that are read as a table are kept from clang-format
    for number, line in enumerate(path.read_text().splitlines(), 1):
        table = "// clang-format off" in line or (table and "// clang-format on" not in line)
        if not table and can_be_broken(line):
            yield f"{path.relative_to(root)}:{number}: has {len(line)} columns; the limit is {width}."


complaints = [complaint for path in sources for complaint in long_lines(path)]
command = formatter()
if command:
    run = subprocess.run([command, "--dry-run", *sources], capture_output=True, text=True, cwd=root)
    others = sorted(set(re.findall(r"^(.+?):\d+:\d+: warning: code should be clang-formatted", run.stderr, re.MULTILINE)))
    complaints += [f"{pathlib.Path(name).relative_to(root)}: is laid out otherwise; run {command} -i on it." for name in others]
    if run.returncode:
        complaints.append(run.stderr)
print(*complaints, sep="\n")
if not complaints and not command:
    print("skipped: clang-format 14 is not installed (Debian, Ubuntu: clang-format-14)")
    sys.exit(77)
sys.exit(bool(complaints))
