# SPDX-License-Identifier: BSL-1.0
# typegrad as a Conan 2 package, made from this checkout: conan create . (headers only, so one package for all settings).
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.files import copy, load


class Typegrad(ConanFile):
    name = "typegrad"
    description = "compile-time symbolic differentiation for C++20, headers only"
    license = "BSL-1.0"
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    exports_sources = "include/*", "LICENSE"
    no_copy_source = True
    default_options = {"boost/*:header_only": True}

    def set_version(self):
        text = load(self, f"{self.recipe_folder}/include/typegrad/version.hpp")
        self.version = re.search(r'TYPEGRAD_VERSION_STRING "(.*)"', text).group(1)

    def requirements(self):
        self.requires("boost/[>=1.74]", transitive_headers=True)

    def validate(self):
        check_min_cppstd(self, 20)

    def package_id(self):
        self.info.clear()

    def package(self):
        copy(self, "LICENSE", self.source_folder, f"{self.package_folder}/licenses")
        copy(self, "*.hpp", f"{self.source_folder}/include", f"{self.package_folder}/include")

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
        self.cpp_info.requires = ["boost::headers"]
        self.cpp_info.set_property("cmake_target_name", "typegrad::typegrad")
