# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The programs whose code is compared, and how each is built."""

import collections
import pathlib
import shutil

# The one function that a policy claims, and the text that begins its definition.
Claim = collections.namedtuple("Claim", "file definition function")


class Program:
    def __init__(self, name, package, patterns, claim, places, flags=(), libraries=(),
                 run=(), without=(), is_cxx=False, files=None):
        self.name, self.package, self.claim, self.places = name, package, claim, places
        self.patterns, self.without, self.files = patterns, without, files or {}
        self.flags, self.libraries, self.run, self.is_cxx = flags, libraries, run, is_cxx

    def unpack(self, options, folder):
        here = pathlib.Path(__file__).resolve().parent / "Inputs"
        if not self.package:
            shutil.copytree(here / self.name, folder)
            return
        found = sorted(p for p in options.sources.glob(self.package + "-*") if p.is_dir())
        if not found:
            raise SystemExit(f"{options.sources} has no source package {self.package}")
        shutil.copytree(found[0], folder, symlinks=True)
        for extra in here.glob(self.name + ".*"):
            shutil.copy(extra, folder)
        for name, text in self.files.items():
            (folder / name).write_text(text)

    def sources(self, tree):
        return [str(p.relative_to(tree)) for pattern in self.patterns
                for p in sorted(tree.glob(pattern))
                if p.name not in self.without and not p.name.endswith("_test.cc")]


def places(*rules):
    return "version: 1\nrules:\n" + "".join(f"  - {rule}\n" for rule in rules)


PROGRAMS = {p.name: p for p in [
    Program(
        "shapes", None, ["*.c", "*.cpp"],
        Claim("a.c", "int claimed(int x) {", "claimed"),
        places(
            "{ name: one, match: { function: [claimed, local] }, section: .text.one }",
            "{ name: each, match: { function: ['same*', 'picks', 'starts'] }, "
            "section: '.text.each.{function}' }",
            "{ name: callees, match: { function: [calls_claimed] }, "
            "grow: { along: [call], depth: 2 }, section: .text.callees }",
            "{ name: rest, match: { function: ['*'], except: { function: [main] } }, "
            "section: '.text.rest.{function}' }"),
        libraries=["-lstdc++"], run=["PROGRAM"], is_cxx=True),
    Program(
        "lua", "lua5.4", ["src/*.c"],
        Claim("src/lvm.c", "void luaV_execute (lua_State *L, CallInfo *ci) {", "luaV_execute"),
        places(
            "{ name: vm, match: { function: ['luaV_*'] }, section: .text.vm }",
            "{ name: collector, match: { function: [luaC_step] }, "
            "grow: { along: [call], depth: 3 }, section: .text.collector }",
            "{ name: each, match: { function: ['lua_*', 'str_*', 'math_*'] }, "
            "section: '.text.each.{function}' }",
            "{ name: cold, match: { function: ['luaG_*'] }, section: .text.cold }"),
        flags=["-DLUA_USE_LINUX", "-DLUA_COMPAT_5_3", "-I."], libraries=["-lm", "-ldl"],
        without=["luac.c"], files={"lua5.4-deb-multiarch.h": '#define DEB_HOST_MULTIARCH "any"\n'},
        run=["PROGRAM", "-e", "local t = {} for i = 1, 3000 do t[i] = ('x'):rep(i % 7) .. i end "
             "table.sort(t) print(#table.concat(t), t[77], math.floor(2^31 / 7), pcall(error, 'e'))"]),
    Program(
        "zstd", "libzstd", ["lib/common/*.c", "lib/compress/*.c", "lib/decompress/*.c",
                            "lib/dictBuilder/*.c", "programs/*.c"],
        Claim("lib/compress/zstd_fast.c", "size_t ZSTD_compressBlock_fast(",
              "ZSTD_compressBlock_fast"),
        places(
            "{ name: huffman, match: { function: ['HUF_*'] }, section: .text.huffman }",
            "{ name: decoder, match: { function: [ZSTD_decompressDCtx] }, "
            "grow: { along: [call], depth: unlimited }, section: .text.decoder }",
            "{ name: each, match: { function: ['ZSTD_*'] }, section: '.text.each.{function}' }"),
        flags=["-DZSTD_DISABLE_ASM", "-DZSTD_MULTITHREAD", "-Ilib", "-Ilib/common", "-Iprograms"],
        libraries=["-lpthread"], run=["sh", "-c", "PROGRAM -q -9 -c lib/zstd.h | PROGRAM -q -d -c | md5sum; "
                                      "PROGRAM -q -19 -c README.md | md5sum"]),
    Program(
        "leveldb", "leveldb", ["db/*.cc", "table/*.cc", "util/*.cc", "helpers/memenv/memenv.cc",
                               "leveldb.main.cc"],
        Claim("util/crc32c.cc", "uint32_t Extend(uint32_t crc, const char* data, size_t n) {",
              "_ZN7leveldb6crc32c6ExtendEjPKcm"),
        places(
            "{ name: table, match: { function: ['leveldb::Table*', 'leveldb::Block*'] }, "
            "section: .text.table }",
            "{ name: each, match: { function: ['leveldb::*'] }, section: '.text.each.{function}' }"),
        flags=["-DLEVELDB_PLATFORM_POSIX=1", "-I.", "-Iinclude", "-std=c++17"],
        libraries=["-lpthread"],
        without=["leveldbutil.cc", "env_windows.cc", "testutil.cc"], run=["PROGRAM"], is_cxx=True),
]}
