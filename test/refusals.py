# SPDX-License-Identifier: BSL-1.0
"""How the examples on data are tested with what they cannot use: status 1, one sentence on standard error that names what is wrong, and no
file that was not there before."""

import os
import subprocess
import sys


class Check:
    def __init__(self, program):
        self.program, self.name = program, os.path.basename(program)
        self.passed = self.failed = 0

    def verdict(self, name, problems, shown):
        if problems:
            self.failed += 1
            print(f"FAILED {name}: {'; '.join(problems)}\n  {shown}")
        else:
            self.passed += 1

    def run(self, *arguments, folder=None):
        return subprocess.run([self.program, *arguments], capture_output=True, timeout=120, cwd=folder)

    def refused(self, name, words, folder, *arguments):
        before = sorted(os.listdir(folder))
        done = self.run(*arguments, folder=folder)
        error = done.stderr.decode(errors="replace")
        problems = []
        if done.returncode != 1:
            problems.append(f"status {done.returncode}, not 1")
        if error.count("\n") != 1 or not error.endswith(".\n") or not error.startswith(self.name + ": "):
            problems.append("standard error is not one sentence")
        if words not in error:
            problems.append(f"the sentence lacks {words!r}")
        if any(ord(c) < 32 for c in error.rstrip("\n")):
            problems.append("the sentence has control characters")
        if len(error) > 400:
            problems.append("the sentence is too long")
        if sorted(os.listdir(folder)) != before:
            problems.append(f"files appeared: {sorted(set(os.listdir(folder)) - set(before))}")
        self.verdict(name, problems, error)

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed")
        sys.exit(self.failed != 0)
