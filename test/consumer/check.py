# SPDX-License-Identifier: BSL-1.0
# Builds and runs the consumer in one way, in a folder of its own: check.py meson|pkg_config|cmake PROJECT_ROOT -- COMPILER...
# The two ways that need an installed typegrad install it there, with a prefix of their own.
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

here = pathlib.Path(__file__).resolve().parent
compiler = sys.argv[sys.argv.index("--") + 1:]
root = pathlib.Path(sys.argv[2]).resolve()


def run(*command, **environment):
    print("+", *command, flush=True)
    subprocess.run(command, check=True, env=dict(os.environ, CXX=" ".join(compiler), **environment))


def tool(name):
    if not shutil.which(name):
        print(f"skipped: {name} is not installed")
        sys.exit(77)
    return name


def install(folder):
    """typegrad installed under a prefix, with every header in its place."""
    prefix = folder / "prefix"
    run(tool("meson"), "setup", folder / "typegrad", root, f"--prefix={prefix}")
    targets = subprocess.run(["meson", "introspect", "--targets", folder / "typegrad"], check=True, capture_output=True, text=True).stdout
    assert json.loads(targets) == [], f"'meson install' builds more than it installs:\n{targets}"
    run("meson", "install", "-C", folder / "typegrad")
    for header in (root / "include").rglob("*.hpp"):
        assert (prefix / header.relative_to(root)).is_file(), f"{header} is not installed"
    return prefix


def by_meson(folder):
    shutil.copy(here / "meson/meson.build", folder)
    (folder / "subprojects").mkdir()
    (folder / "subprojects/typegrad").symlink_to(root)
    run(tool("meson"), "setup", folder / "build", folder, "--wrap-mode=nodownload")
    run("meson", "test", "-C", folder / "build", "--print-errorlogs")
    tests = subprocess.run(["meson", "test", "-C", folder / "build", "--list"], capture_output=True, text=True).stdout
    assert "typegrad" not in tests, f"typegrad's own tests are built in a subproject:\n{tests}"


def by_pkg_config(folder):
    tool("pkg-config")
    prefix = install(folder)
    flags = subprocess.run(["pkg-config", "--cflags", "typegrad"], check=True, capture_output=True, text=True,
                           env=dict(os.environ, PKG_CONFIG_PATH=f"{prefix}/share/pkgconfig")).stdout.split()
    run(*compiler, "-std=c++20", *flags, folder / "main.cpp", "-o", folder / "consumer")
    run(folder / "consumer")


def by_cmake(folder):
    tool("cmake")
    prefix = install(folder)
    prefix = prefix.rename(folder / "moved")  # the package must not depend on where it was installed
    shutil.copy(here / "cmake/CMakeLists.txt", folder)
    run("cmake", "-S", folder, "-B", folder / "build", f"-DCMAKE_PREFIX_PATH={prefix}")
    run("cmake", "--build", folder / "build")
    run(folder / "build/consumer")


ways = {"meson": by_meson, "pkg_config": by_pkg_config, "cmake": by_cmake}
with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name).resolve()
    shutil.copy(here / "main.cpp", folder)
    ways[sys.argv[1]](folder)
