# SPDX-License-Identifier: BSL-1.0
# The command that shows a formula, tools/inspect.py: what it says of formulas that do not parse, and what it shows of some that look odd.
# inspect_command.py SCRIPT; CXX names the compiler.
import subprocess
import sys

REFUSED = [  # arguments, words of the one sentence
    ([""], "the formula is empty"),
    (["x*"], "the formula does not parse at column 3"),
    (["x*sin(y", "x"], "')' is missing after the arguments of 'sin'"),
    (["2x"], "Write a product with '*'."),
    (["sin x"], "'sin' at column 1 is a function"),
    (["x=y"], "'=' at column 2 does not belong in a formula"),
    (["sine(x)"], "there is no function 'sine' (column 1); did you mean 'sin'?"),
    (["atan2(x)"], "'atan2' at column 1 takes 2 arguments, not 1."),
    (["x<y<z"], "compares a comparison"),
    (["1e999*x"], "the number 1e999 at column 1 is too long"),
    (["x", "y"], "the symbol 'y' is not in the formula; it has x."),
    (["x", "x;y"], "the symbol 'x;y' is not in the formula"),
    (["(" * 70 + "x" + ")" * 70], "nested more than 60 deep"),
]
SHOWN = [  # arguments, lines of the answer
    (["-x^2*new", "x"], ["df/dx", "  infix   -2*x*new"]),
    (["x-x", "x"], ["df/dx", "  infix   0"]),  # the symbol cancels: its derivative is 0, not an error
    (["1/0"], ["  domain  nowhere"]),
]


def run(arguments):
    return subprocess.run([sys.executable, sys.argv[1], *arguments], capture_output=True, text=True)


failed = []
for arguments, words in REFUSED:
    done = run(arguments)
    if done.returncode != 1 or done.stdout or words not in done.stderr or done.stderr.count("\n") != 1 or not done.stderr.startswith("inspect: "):
        failed.append((arguments, words, done.returncode, done.stderr))
for arguments, lines in SHOWN:
    done = run(arguments)
    shown = done.stdout.splitlines()
    if done.returncode or any(line not in shown for line in lines):
        failed.append((arguments, lines, done.returncode, done.stdout + done.stderr))
for arguments, wanted, status, found in failed:
    print(f"FAILED {arguments}: wanted {wanted}, got status {status} and\n{found}")
sys.exit(bool(failed))
