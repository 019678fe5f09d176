import glob
import os
import pathlib
import platform
import re
import shutil
import subprocess

import lit.formats

config.name = "section-placement"
config.test_format = lit.formats.ShTest(execute_external=True)
config.suffixes = [".test", ".ll", ".s", ".c", ".cpp", ".yaml"]
config.excludes = ["Inputs", "unittests", "Fuzz", "SanitizedLinker", "CMakeLists.txt"]
config.test_source_root = os.path.dirname(__file__)


def is_for_sanitizers(test):
    """Does the test run code of ours that is built with them? Where they look for
    races, with threads, which full LTO has none of?"""
    if config.sanitize == "thread":
        return "%lld-plugin" in test and "thin" in test
    return "%lld-plugin" in test or not re.search(r"REQUIRES:.*\bplugin\b", test)


# The tools of the LLVM under test, before any other version's.
path = [config.llvm_tools_dir, os.path.join(config.build_dir, "tools/section-placement")]
config.environment["PATH"] = os.pathsep.join(path + [config.environment["PATH"]])
for name in list(config.environment):
    if name.startswith("SECTION_PLACEMENT_"):
        del config.environment[name]
config.environment["LC_ALL"] = "C"

plugin = os.path.join(config.build_dir, "plugin/SectionPlacement.so")
lld_plugin = "ld.lld --load-pass-plugin=%s" % plugin
if config.sanitize:
    # Only our own ld.lld can load a plugin with sanitizers: what links with it
    # is tested, and all else of those tests takes a plugin without.
    lld_plugin = "%s/test/SanitizedLinker/%s" % (config.build_dir, lld_plugin)
    if config.sanitize == "thread":
        lld_plugin += " --thinlto-jobs=8"
    plugin = config.plain_plugin
    config.available_features.add("sanitizers")
    config.excludes += [
        path.name
        for path in pathlib.Path(config.test_source_root).glob("*/*")
        if path.is_file() and not is_for_sanitizers(path.read_text(errors="replace"))
    ]
aarch64 = "clang --target=aarch64-linux-gnu -O2 -ffreestanding"
remarks = " ".join(
    "-mllvm %s=section-placement" % kind
    for kind in ("-pass-remarks", "-pass-remarks-missed", "-pass-remarks-analysis")
)
# Those that do LTO through LLVMgold.so: GNU ld, which is required, and others.
llvmgold_linkers = " ".join(
    ["ld.bfd"] + [name for name in ("ld.gold", "mold") if shutil.which(name)]
)
config.substitutions += [
    ("%plugin", plugin),
    # opt with our passes, where the module is checked after each pass; ld.lld
    # with the plugin; and with all its remarks.
    ("%opt-plugin", "opt -verify-each -load-pass-plugin=%s" % plugin),
    ("%lld-plugin", lld_plugin),
    ("%all-remarks", remarks),
    ("%clang-aarch64", aarch64),
    ("%python", config.python),
    ("%cxx", config.cxx),
    ("%cmake", config.cmake),
    ("%llvm-cmake-dir", config.llvm_cmake_dir),
    ("%llvm-version", config.llvm_package_version),
    ("%source-dir", config.source_dir),
    ("%build-dir", config.build_dir),
    ("%tools-dir", config.llvm_tools_dir),
    ("%llvmgold-linkers", llvmgold_linkers),
    ("%llvmgold", os.path.join(config.llvm_tools_dir, "../lib/LLVMgold.so")),
]

config.available_features.add("llvm-%d" % config.llvm_version)
for version in range(15, 24):
    if config.llvm_version >= version:
        config.available_features.add("llvm-%d-or-later" % version)
if plugin:
    config.available_features.add("plugin")

# Programs that count what runs in them are linked and run.
runtimes = os.path.join(config.llvm_tools_dir, "../lib/clang/*/lib/*/libclang_rt.profile*.a")
if platform.machine() == "x86_64" and glob.glob(runtimes):
    config.available_features.add("profile-runtime")

for tool in ("bazel", "meson", "valgrind"):
    if shutil.which(tool):
        config.available_features.add(tool)

# GCC and GNU ld for other machines, as their users have them.
for name in ("arm-none-eabi", "riscv64-unknown-elf", "aarch64-linux-gnu"):
    if shutil.which(name + "-gcc") and shutil.which(name + "-ld"):
        config.available_features.add(name + "-gcc")


def rust_with_our_llvm():
    """A rustc and its cargo whose LLVM is the one under test: a distribution's
    before what PATH has."""
    for rustc in ("/usr/bin/rustc", shutil.which("rustc")):
        if not rustc or not os.path.exists(rustc):
            continue
        done = subprocess.run([rustc, "-vV"], capture_output=True, text=True)
        version = re.search(r"LLVM version: (\d+)", done.stdout)
        if version and int(version.group(1)) == config.llvm_version:
            cargo = os.path.join(os.path.dirname(rustc), "cargo")
            return rustc, cargo if os.path.exists(cargo) else None
    return None, None


rustc, cargo = rust_with_our_llvm()
if rustc:
    config.available_features.add("rustc")
    config.substitutions += [("%rustc-program", rustc), ("%rustc", rustc + " -O --edition=2021")]
if cargo:
    config.available_features.add("cargo")
    config.substitutions.append(("%cargo", cargo))
# Programs for AArch64 are linked and run.
if shutil.which("qemu-aarch64") and glob.glob("/usr/lib/gcc-cross/aarch64-linux-gnu/*/libstdc++.a"):
    config.available_features.add("qemu-aarch64")
# The firmware lane, in its short form, runs a program in QEMU.
if shutil.which("qemu-system-arm") and os.path.exists("/usr/lib/picolibc/arm-none-eabi"):
    config.available_features.add("firmware")
