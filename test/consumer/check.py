# SPDX-License-Identifier: BSL-1.0
# Builds and runs the consumer in one way, in a folder of its own: check.py WAY PROJECT_ROOT -- COMPILER... Ways that need an
# installed typegrad install it there, with a prefix of their own. The recipes of package managers are read, not run.
import ast
import json
import os
import pathlib
import re
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


def with_every_header(prefix):
    for header in (root / "include").rglob("*.hpp"):
        assert (prefix / header.relative_to(root)).is_file(), f"{header} is not installed"
    return prefix


def install(folder):
    """typegrad installed under a prefix, with every header in its place."""
    prefix = folder / "prefix"
    run(tool("meson"), "setup", folder / "typegrad", root, f"--prefix={prefix}")
    targets = subprocess.run(["meson", "introspect", "--targets", folder / "typegrad"], check=True, capture_output=True, text=True).stdout
    assert json.loads(targets) == [], f"'meson install' builds more than it installs:\n{targets}"
    run("meson", "install", "-C", folder / "typegrad")
    return with_every_header(prefix)


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


def consume(folder, way, *definitions):
    shutil.copy(here / "cmake/CMakeLists.txt", folder)
    run(tool("cmake"), "-S", folder, "-B", folder / "build", f"-DWAY={way}", f"-DTYPEGRAD={root}", *definitions)
    run("cmake", "--build", folder / "build")
    run(folder / "build/consumer")


def by_cmake(folder):
    tool("cmake")
    prefix = install(folder)
    prefix = prefix.rename(folder / "moved")  # the package must not depend on where it was installed
    consume(folder, "find", f"-DCMAKE_PREFIX_PATH={prefix}")


def by_cmake_install(folder):
    """The same installed by CMake."""
    run(tool("cmake"), "-S", root, "-B", folder / "typegrad", f"-DCMAKE_INSTALL_PREFIX={folder / 'prefix'}")
    run("cmake", "--install", folder / "typegrad")
    prefix = with_every_header(folder / "prefix").rename(folder / "moved")
    consume(folder, "find", f"-DCMAKE_PREFIX_PATH={prefix}")


def by_single_header(folder):
    """One file in place of the folder: a program prints the same; opt-in headers are in it if they are asked for; all together compile."""
    def make(*names):
        run(sys.executable, root / "tools/single_header.py", *names, "--out", folder / "typegrad/typegrad.hpp")

    def output(include):
        run(*compiler, "-std=c++20", f"-I{include}", root / "examples/docs_start.cpp", "-o", folder / "program")
        return subprocess.run([folder / "program"], check=True, capture_output=True, text=True).stdout

    def compiles(source, *options):
        return subprocess.run([*compiler, "-std=c++20", f"-I{folder}", "-fsyntax-only", *options, "-x", "c++", "-"], input=source, text=True,
                              stderr=None if options else subprocess.DEVNULL).returncode == 0

    special = '#include <typegrad/typegrad.hpp>\ndouble value = tg::diff(lgamma(tg::symbol<"x">), tg::symbol<"x">)(tg::symbol<"x"> = 2.5);\n'
    strict = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror", "-isystem/usr/include/eigen3"]
    make()
    assert output(folder) == output(root / "include"), "the program prints something else with the single header"
    assert not compiles(special), "digamma has its value although special.hpp was not asked for"
    make("special")
    assert compiles(special, *strict), "digamma has no value although special.hpp was asked for"
    sys.path.insert(0, str(root / "test/structure"))
    from headers import headers_here
    names = [name for name in headers_here(root / "include", [*compiler, "-std=c++20", *strict[-1:]]) if "support/compiler" not in str(name)]
    make(*(str(name) for name in names))
    assert compiles("#include <typegrad/typegrad.hpp>\n", *strict), "all headers in one file do not compile"


def by_recipes(_):
    """All files that name the version name the same one; the recipes can be read, and what they point to is there."""
    def found(name, pattern):
        match = re.search(pattern, (root / name).read_text(), re.M)
        assert match, f"{name} has no {pattern}"
        return match.group(1)

    version = found("meson.build", r"version: '([\d.]+)'")
    major, minor, patch = map(int, version.split("."))
    port = json.loads((root / "packaging/vcpkg/typegrad/vcpkg.json").read_text())
    named = {"include/typegrad/version.hpp": found("include/typegrad/version.hpp", 'STRING "(.*)"'), "vcpkg.json": port["version"],
             "CHANGELOG.md": found("CHANGELOG.md", r"^## ([\d.]+)"),
             "docs/start.md": found("docs/start.md", r"find_package\(typegrad ([\d.]+)") + f".{patch}"}
    for file, other in named.items():
        assert other == version, f"{file} names version {other}, meson.build {version}"
    number = int(found("include/typegrad/version.hpp", r"VERSION (\d+)"))
    assert number == 10000 * major + 100 * minor + patch, f"TYPEGRAD_VERSION is {number} in version {version}"

    boosts = {name.split("/")[1].removesuffix(".hpp") for header in (root / "include").rglob("*.hpp")
              for name in re.findall(r"#include <(boost/[^>]+)>", header.read_text())} - {"test"}  # Boost.Test: users of its assertions have it
    assert {f"boost-{name}" for name in boosts} == {d for d in port["dependencies"] if isinstance(d, str)}, f"vcpkg.json: the headers need {boosts}"
    folder = root / "packaging/vcpkg/typegrad"
    source = (folder / found("packaging/vcpkg/typegrad/portfile.cmake", r'CMAKE_CURRENT_LIST_DIR}/([./]+)"')).resolve()
    assert source == root, f"the port of vcpkg builds from {source}"
    recipe = ast.parse((root / "conanfile.py").read_text())
    values = {target.id: node.value for each in recipe.body if isinstance(each, ast.ClassDef) for node in each.body if isinstance(node, ast.Assign)
              for target in node.targets}
    for pattern in ast.literal_eval(values["exports_sources"]):
        assert list(root.glob(pattern)), f"conanfile.py exports {pattern}, which matches nothing"
    assert ast.literal_eval(values["license"]) == port["license"] == found("meson.build", "license: '(.*)'")


ways = {"meson": by_meson, "pkg_config": by_pkg_config, "cmake": by_cmake, "cmake_install": by_cmake_install,
        "cmake_fetch": lambda folder: consume(folder, "fetch"), "cmake_subdirectory": lambda folder: consume(folder, "subdirectory"),
        "single_header": by_single_header, "recipes": by_recipes}
with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name).resolve()
    shutil.copy(here / "main.cpp", folder)
    ways[sys.argv[1]](folder)
