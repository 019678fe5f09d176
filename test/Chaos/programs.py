# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The programs that chaos builds, each by its own build system and judged by its
own tests.

Commands are those of a shell in the program's tree, with CC, CXX, AR, RANLIB, NM
and JOBS set. `images` are removed before a link, so that `build` makes them again:
the first one is the program, whose functions the policies are about. `quick`
checks the program in a second or so, `suite` runs its tests. Of what a suite
prints, what `verdicts` matches of a line is compared, since the rest has times and
folders. Where `quick` is all that the program has of tests, there is no suite.
"""

import collections
import sys

Program = collections.namedtuple("Program", "name package configure build images quick suite verdicts")
CMAKE = 'cmake -S . -B out -DCMAKE_C_COMPILER="$CC" -DCMAKE_CXX_COMPILER="$CXX" -DCMAKE_AR="$AR" ' \
        '-DCMAKE_RANLIB="$RANLIB" -DCMAKE_POLICY_VERSION_MINIMUM=3.5 '
AUTOMAKE = r"^(PASS|FAIL|XFAIL|XPASS|SKIP|ERROR): .*"
GTEST = r"^\[ +(OK|FAILED|PASSED) +\] [^(]*"

PROGRAMS = {p.name: p for p in [
    Program("shapes", None, ":",
            'make -f - shapes CC="$CC" CXX="$CXX" <<\'END\'\n'
            'shapes: a.o b.o c.o; $(CXX) $^ -o $@\n'
            '%.o: %.c; $(CC) -c $< -o $@\n%.o: %.cpp; $(CXX) -c $< -o $@\nEND',
            ["shapes"], "./shapes", None, None),
    Program("lua", "lua5.4",
            "echo '#define DEB_HOST_MULTIARCH \"any\"' >src/lua5.4-deb-multiarch.h",
            'cd src && make -f - lua CC="$CC" <<\'END\'\n'
            'OBJECTS := $(patsubst %.c,%.o,$(filter-out luac.c,$(wildcard *.c)))\n'
            'lua: $(OBJECTS); $(CC) $^ -o $@ -lm -ldl\n'
            '%.o: %.c; $(CC) -O2 -DLUA_USE_LINUX -DLUA_COMPAT_5_3 -I. -c $< -o $@\nEND',
            ["src/lua"],
            "src/lua -e \"local t = {} for i = 1, 3000 do t[i] = ('x'):rep(i % 7) .. i end table.sort(t) "
            "print(#table.concat(t), t[77], math.floor(2^31 / 7), pcall(error, 'e'))\"", None, None),
    # Debian's own makefile links a shared library, of which some flags hide all.
    Program("bzip2", "bzip2", ":",
            'make -f - bzip2 CC="$CC" <<\'END\'\n'
            'OBJECTS := blocksort.o huffman.o crctable.o randtable.o compress.o decompress.o bzlib.o bzip2.o\n'
            'bzip2: $(OBJECTS); $(CC) $^ -o $@\n'
            '%.o: %.c; $(CC) -O2 -D_FILE_OFFSET_BITS=64 -c $< -o $@\nEND',
            ["bzip2"], "./bzip2 -9 <bzip2.c | ./bzip2 -d | md5sum",
            'for n in 1 2 3; do ./bzip2 -$n <sample$n.ref | cmp sample$n.bz2 - && echo "same $n"; '
            './bzip2 -ds <sample$n.bz2 | cmp sample$n.ref - && echo "same $n again"; done', r".*"),
    Program("zstd", "libzstd", ":",
            'make -j"$JOBS" -C programs zstd-nolegacy CC="$CC" AR="$AR" ZSTD_NO_ASM=1 HAVE_LZMA=0 HAVE_LZ4=0 HAVE_ZLIB=0',
            ["programs/zstd-nolegacy", "programs/obj/*/zstd-nolegacy"],
            "programs/zstd-nolegacy -q -9 -c lib/zstd.h | programs/zstd-nolegacy -q -d -c | md5sum; "
            "programs/zstd-nolegacy -q -19 -c README.md | md5sum",
            'make -s -C tests datagen CC="$CC" AR="$AR" && cd tests && '
            'EXE_PREFIX= ZSTD_BIN=../programs/zstd-nolegacy DATAGEN_BIN=./datagen sh playTests.sh', r"^===>.*"),
    Program("xz", "xz-utils", './configure -q --disable-nls --disable-doc --disable-scripts --disable-dependency-tracking',
            'make -s -j"$JOBS"', ["src/xz/xz", "src/xz/.libs/xz", "src/liblzma/liblzma.la", "src/liblzma/.libs/*"],
            "src/xz/xz -9 -c ChangeLog | src/xz/xz -dc | md5sum; src/xz/xz -T2 -c ChangeLog | md5sum",
            'make -s -j"$JOBS" check', AUTOMAKE),
    Program("gzip", "gzip", './configure -q --disable-dependency-tracking',
            'make -s -j"$JOBS" SUBDIRS="lib ."', ["gzip"],
            "./gzip -9 -n -c ChangeLog | ./gzip -d | md5sum; ./gzip -1 -n -c ChangeLog | md5sum",
            'make -s -j"$JOBS" && make -s check', AUTOMAKE),
    Program("sed", "sed", './configure -q --disable-nls --disable-dependency-tracking',
            'make -s -j"$JOBS" sed/sed', ["sed/sed"],
            "sed/sed -E 's/([a-z]+) ([a-z]+)/\\2 \\1/g;y/abc/xyz/;/^$/d;s/[[:upper:]]/\\L&/2' ChangeLog | md5sum",
            'make -s -j"$JOBS" check SUBDIRS=.', AUTOMAKE),
    Program("gawk", "gawk", './configure -q --disable-nls --disable-extensions --disable-mpfr --disable-dependency-tracking',
            'make -s -j"$JOBS" gawk', ["gawk"],
            "./gawk '{ n[$1]++; s += length($0); gsub(/[aeiou]+/, \"<&>\"); t = t substr($0, 1, 3) } "
            "END { print length(n), s, length(t), sprintf(\"%.6g\", exp(1)) }' ChangeLog",
            'make -s -C test check', r"^(make: |\d+ TESTS? |ALL TESTS).*|^[a-z0-9_-]+$"),
    Program("sqlite3", "sqlite3", "./configure -q --disable-readline --disable-dependency-tracking --disable-shared",
            'make -s -j"$JOBS" sqlite3', ["sqlite3"],
            "./sqlite3 :memory: \"create table t(a, b); with recursive c(x) as (select 1 union all select x + 1 from c "
            "where x < 5000) insert into t select x, hex(x * x) from c; create index i on t(b); "
            "select count(*), sum(a), max(b) from t where b like '3%'; select group_concat(a) from "
            "(select a, row_number() over (order by b) r from t) where r < 9; pragma integrity_check;\"",
            None, None),
    Program("mbedtls", "mbedtls", ":",
            'make -s -j"$JOBS" -C library CC="$CC" AR="$AR" static && '
            'make -s -C programs CC="$CC" AR="$AR" test/selftest', ["programs/test/selftest"],
            "programs/test/selftest -x timing entropy net ctr_drbg",
            'cd tests && for t in aes.ecb bignum.misc rsa x509parse ssl cipher.aes ecp; do '
            'make -s test_suite_$t CC="$CC" AR="$AR" && ./test_suite_$t; done', r"^(PASSED|FAILED).*|.*(PASS|FAILED|----)$"),
    Program("tinyxml2", "tinyxml2", ":",
            'make -s xmltest CXX="$CXX" AR="$AR" RANLIB="$RANLIB"', ["xmltest"],
            "./xmltest | grep -v 'seconds'", None, None),
    Program("jsoncpp", "libjsoncpp",
            CMAKE + "-DBUILD_SHARED_LIBS=OFF -DBUILD_OBJECT_LIBS=OFF -DJSONCPP_WITH_POST_BUILD_UNITTEST=OFF >/dev/null",
            'make -s -j"$JOBS" -C out jsoncpp_test jsontestrunner_exe', ["out/bin/jsoncpp_test", "out/bin/jsontestrunner_exe"],
            "out/bin/jsoncpp_test", "cd test && python3 runjsontests.py ../out/bin/jsontestrunner_exe data", r".*(pass|fail|FAIL).*"),
    Program("yaml-cpp", "yaml-cpp",
            CMAKE + "-DYAML_CPP_BUILD_TESTS=ON -DYAML_CPP_BUILD_TOOLS=ON >/dev/null",
            'make -s -j"$JOBS" -C out yaml-cpp-tests', ["out/test/yaml-cpp-tests"],
            "out/test/yaml-cpp-tests --gtest_brief=1 --gtest_print_time=0", "out/test/yaml-cpp-tests", GTEST),
    Program("leveldb", "leveldb", CMAKE + "-DLEVELDB_BUILD_BENCHMARKS=OFF >/dev/null",
            'make -s -j"$JOBS" -C out table_test skiplist_test log_test',
            ["out/table_test", "out/skiplist_test", "out/log_test"],
            "for t in table skiplist log; do out/${t}_test --gtest_brief=1 --gtest_print_time=0; done",
            'make -s -j"$JOBS" -C out db_test corruption_test env_test && '
            'for t in table skiplist log db corruption env; do out/${t}_test; done', GTEST),
    Program("ninja", "ninja-build", "./configure.py",
            'ninja ninja ninja_test', ["ninja", "ninja_test"],
            "./ninja -n -v | md5sum", "./ninja_test", r"(passed|failed|FAILED).*"),
]}

if __name__ == "__main__":
    # Prints the source packages of those that are named, with commas; of all else.
    names = sys.argv[1].split(",") if sys.argv[1:] and sys.argv[1] else list(PROGRAMS)
    print("\n".join(PROGRAMS[name].package for name in names if PROGRAMS[name].package))
