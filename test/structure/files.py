# SPDX-License-Identifier: BSL-1.0
# The rules for every file that a person writes: the first line names the licence (the second, after a "#!" line), and
# the file has at most 400 lines. files.py PROJECT_ROOT
import pathlib
import subprocess
import sys

length_limit = 400
texts_without_code = {".md", ".csv", ".tsv", ".json", ".svg", ".png"}
licence = "SPDX-License-Identifier: BSL-1.0"


def project_files(root):
    """What git knows or would add; without git, everything outside the folders that are never added."""
    listing = subprocess.run(["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                             capture_output=True, text=True)
    if listing.returncode == 0:
        return [root / name for name in listing.stdout.split("\0") if name and (root / name).is_file()]
    never = {"build", ".git", "subprojects", "__pycache__"}
    return [p for p in root.rglob("*") if p.is_file() and not never.intersection(p.relative_to(root).parts)]


def offences(root):
    for path in sorted(project_files(root)):
        name = path.relative_to(root)
        if path.suffix in texts_without_code or path.name == "LICENSE" or "data" in name.parts:
            continue
        lines = path.read_text().splitlines()
        head = lines[1:2] if lines and lines[0].startswith("#!") else lines[:1]
        if not head or licence not in head[0]:
            yield f"{name}: the first line must hold '{licence}'."
        if len(lines) > length_limit:
            yield f"{name}: has {len(lines)} lines; split it, the limit is {length_limit}."


if __name__ == "__main__":
    complaints = list(offences(pathlib.Path(sys.argv[1]).resolve()))
    print(*complaints, sep="\n")
    sys.exit(bool(complaints))
