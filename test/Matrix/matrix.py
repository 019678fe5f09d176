"""The instrumentation matrix: one program, each flag that instruments code or
changes how it is made, both kinds of LTO, each way in which a policy acts.

    matrix.py CLANG LLD PLUGIN [--jobs N] [--docs PAGE] [FLAG...]

A cell is right where the program links and runs as without the plugin, or where
the link is refused with an error of the plugin's that REFUSED names. Prints the
table, one line for each cell that is wrong, then the counts; exits 1 if any is
wrong. With --docs each row that ran must stand in the page as printed here.
"""

import argparse
import concurrent.futures
import os
import shutil
import subprocess
import sys
import tempfile
import time

# `c++ ` before the flags: the program is compiled as C++.
FLAGS = [
    "",
    "-g",
    "-O0",
    "-Oz",
    "-fsanitize=address",
    "-fsanitize=address -g",
    "-fsanitize=kernel-address -mllvm -asan-instrumentation-with-call-threshold=0 -DKASAN",
    "-fsanitize=thread",
    "-fsanitize=memory",
    "-fsanitize=undefined",
    "-fsanitize=dataflow",
    "-fsanitize=leak",
    "-fsanitize=cfi-icall -fvisibility=hidden",
    "c++ -fsanitize=cfi-vcall -fvisibility=hidden",
    "c++ -fwhole-program-vtables -fvisibility=hidden",
    "-fsanitize=kcfi",
    "-fsanitize=safe-stack",
    "-fsanitize=undefined -fsanitize-coverage=trace-pc-guard",
    "-fsanitize=undefined -fsanitize-coverage=inline-8bit-counters,pc-table",
    "-fprofile-generate",
    "-fprofile-instr-generate",
    "-fprofile-instr-generate -fcoverage-mapping",
    "--coverage",
    "-fsplit-lto-unit",
    "-ffunction-sections -fdata-sections",
    "-pg",
    "-fstack-protector-all",
    "-fcf-protection",
    "-mretpoline",
    "-fxray-instrument -fxray-instruction-threshold=1",
    "-fsplit-stack -fuse-ld=lld",
    "-fno-plt -fPIE -pie",
    "-DIFUNC",
    "-DCLONES",
]

POLICIES = {
    "source": "{ name: r, match: { source: [m.c, o.c] }, section: .text.r }",
    "opt-out": "{ name: r, match: { source: [o.c] }, lto: opt-out }",
    "never-in": "{ name: r, match: { source: [o.c] }, inline: never-in }",
    "never-out": "{ name: r, match: { source: [o.c] }, inline: never-out }",
    "never-across": "{ name: r, match: { source: [o.c] }, inline: never-across }",
}

# What is refused, by flags, kind of LTO and policy, and the words of the error.
# Each has its reason in docs/instrumentation.md.
REFUSED = {("-O0", "thin", policy): "runs no pass of a plugin" for policy in POLICIES}

COMMON = r"""
#ifdef __cplusplus
struct Shape { virtual int area(int) const; };
extern "C" {
extern const Shape *const shapes[2];
#endif
"""
MAIN = COMMON + r"""
#include <stdio.h>
int outside(int); extern int counter; extern const char *const names[]; extern int (*table[2])(int);
static int inner(int x) { return x * 3 + counter; }
static char words[] = "words";
int shared(int x) { return inner(x) ^ 5; }
#ifdef IFUNC
extern int chosen(int);
#else
static int chosen(int x) { return x; }
#endif
#ifdef KASAN
#define ACCESS(N) void __asan_load##N##_noabort(unsigned long a) {} void __asan_store##N##_noabort(unsigned long a) {}
ACCESS(1) ACCESS(2) ACCESS(4) ACCESS(8) ACCESS(16)
void __asan_loadN_noabort(unsigned long a, unsigned long n) {} void __asan_storeN_noabort(unsigned long a, unsigned long n) {}
void __asan_handle_no_return(void) {} void __asan_register_globals(void *g, unsigned long n) {} void __asan_unregister_globals(void *g, unsigned long n) {}
#endif
int main(int argc, char **argv) {
  int sum = 0;
  for (int i = 0; i < 4; i++) sum += outside(i) + table[i & 1](i) + chosen(i);
#ifdef __cplusplus
  for (int i = 0; i < 4; i++) sum += shapes[i & argc]->area(i);
#endif
  words[0] = 'W';
  printf("%s %s %d %d\n", words, names[argc & 1], sum, counter);
  return 0;
}
#ifdef __cplusplus
}
#endif
"""
OTHER = COMMON + r"""
int shared(int); int counter = 2; static int calls; static __thread int per_thread = 3;
extern const char *const names[]; const char *const names[] = {"zero", "one"};
static int first(int x) { return x + per_thread++; }
#ifdef CLONES
__attribute__((target_clones("default", "avx2")))
#endif
int second(int x) { int s = 0; for (int i = 0; i < x; i++) s += i * x; return s; }
int plain(int x) { return x * 2; }
int (*table[2])(int) = {first, plain};
int twin(int x) __attribute__((alias("plain")));
#ifdef IFUNC
static int impl(int x) { return x + 1; }
__attribute__((no_sanitize("all"))) static int (*resolve(void))(int) { return impl; }
int chosen(int x) __attribute__((ifunc("resolve")));
#endif
static int choose(int x) { switch (x) { case 0: return 7; case 1: return 11; case 2: return 5; case 3: return 2; } return 0; }
int outside(int x) { char buffer[16]; for (int i = 0; i < 16; i++) buffer[i] = i ^ x; calls++; counter += calls; return shared(x) + second(x) + choose(x) + twin(x) + buffer[x & 15]; }
#ifdef __cplusplus
}
int Shape::area(int x) const { return x; }
namespace { struct Square : Shape { int area(int x) const override { return x * x; } }; }
static const Shape plain_shape; static const Square square;
const Shape *const shapes[2] = {&plain_shape, &square};
#endif
"""


def policy_text(rule):
    return "version: 1\nrules:\n  - %s\n" % rule


def first_line(done):
    return (done.stderr.strip().splitlines() or ["exit %d" % done.returncode])[0][:160]


class Unit:
    """One set of flags and one kind of LTO, in a folder of its own. Objects that
    a policy does not change are compiled once."""

    def __init__(self, args, folder, flags, lto):
        self.args, self.folder = args, folder
        self.language = ["-x", "c++", "-fno-rtti"] if flags.startswith("c++ ") else []
        self.flags = ["-O2", "-flto=" + lto] + flags.replace("c++ ", "", 1).split()
        self.key = (flags, lto)

    def run(self, words, **settings):
        clean = {k: v for k, v in os.environ.items() if not k.startswith("SECTION_PLACEMENT_")}
        return subprocess.run(words, env=dict(clean, **settings), cwd=self.folder, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=120)

    def compile(self, source, made, *words, **settings):
        return self.run([self.args.clang, *self.flags, *self.language, *words, "-c", source, "-o", made], **settings)

    def link(self, inputs, *words, **settings):
        """What failed, or how the program ran; and whether it did."""
        done = self.run([self.args.clang, *self.flags, "--ld-path=" + self.args.lld, *inputs, "-o", "prog", *words],
                        **settings)
        if done.returncode:
            return done, False
        return self.run(["./prog"], LLVM_PROFILE_FILE="/dev/null", ASAN_OPTIONS="detect_leaks=0",
                        LSAN_OPTIONS="detect_leaks=0"), True

    def cell(self, name, rule):
        """What differs from the program without the plugin; empty where nothing does."""
        policy = name + ".yaml"
        with open(os.path.join(self.folder, policy), "w") as out:
            out.write(policy_text(rule))
        load, other = "-fpass-plugin=" + self.args.plugin, "o-plugin.o"
        if "section" not in rule:
            # The compile acts on 'lto' and 'inline', and on o.c alone.
            other = "o-%s.o" % name
            done = self.compile("o.c", other, load, SECTION_PLACEMENT_POLICY=policy)
            if done.returncode:
                return "", done
        done, ran = self.link(["m-plugin.o", other], "-Wl,--load-pass-plugin=" + self.args.plugin,
                              SECTION_PLACEMENT_POLICY=policy)
        return ran, done

    def results(self):
        """By policy: a word for the table, and a sentence where the cell is wrong."""
        os.makedirs(self.folder)
        for name, text in (("m.c", MAIN), ("o.c", OTHER)):
            with open(os.path.join(self.folder, name), "w") as out:
                out.write(text)
        base, ran = None, True
        for source in ("m", "o"):
            base = base if base and base.returncode else self.compile(source + ".c", source + ".o")
        if not base.returncode:
            base, ran = self.link(["m.o", "o.o"])
        if not ran or base.returncode:
            return {name: ("not tried", "without the plugin: " + first_line(base)) for name in POLICIES}
        for source in ("m", "o"):
            done = self.compile(source + ".c", source + "-plugin.o", "-fpass-plugin=" + self.args.plugin)
            if done.returncode:
                return {name: ("WRONG", "compile: " + first_line(done)) for name in POLICIES}
        words = {}
        for name, rule in POLICIES.items():
            ran, done = self.cell(name, rule)
            said = REFUSED.get(self.key + (name,))
            if ran and not said and (done.returncode, done.stdout) == (base.returncode, base.stdout):
                words[name] = ("right", "")
            elif not ran and said and "section-placement: " in done.stderr and said in done.stderr:
                words[name] = ("refused", "")
            else:
                words[name] = ("WRONG", first_line(done) if not ran else "exit %d, wrote %r" % (done.returncode, done.stdout))
        return words


def row(flags, thin, full):
    """A row of the table; a cell has one word where both kinds of LTO have it."""
    cells = []
    for name in POLICIES:
        words = [kind[name][0] for kind in (thin, full)]
        cells.append(words[0] if words[0] == words[1] else "thin %s, full %s" % tuple(words))
    return "| %s | %s |" % ("`%s`" % flags if flags else "none", " | ".join(cells))


def differences(page, rows):
    with open(page) as text:
        lines = set(text.read().splitlines())
    return [r for r in rows if r not in lines]


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    for name in ("clang", "lld", "plugin"):
        parser.add_argument(name)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--docs")
    args, flags = parser.parse_known_args()
    args.lld = shutil.which(args.lld) or args.lld
    flags = flags or FLAGS
    folder, started = tempfile.mkdtemp(), time.time()
    keys = [(f, lto) for f in flags for lto in ("thin", "full")]
    units = [Unit(args, os.path.join(folder, str(i)), *key) for i, key in enumerate(keys)]
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        found = dict(zip(keys, pool.map(Unit.results, units)))
    shutil.rmtree(folder)
    rows = [row(f, found[f, "thin"], found[f, "full"]) for f in flags]
    print("| flags | %s |" % " | ".join(POLICIES))
    print("| --- |%s" % (" --- |" * len(POLICIES)))
    print("\n".join(rows))
    words = [cell for unit in found.values() for cell, _ in unit.values()]
    said = {}
    for (f, lto), unit in found.items():
        for name, (word, why) in unit.items():
            if why:
                said.setdefault("%s: %s -flto=%s: %s" % (word, f or "no flags", lto, why), []).append(name)
    for line, names in said.items():
        print(line + " (" + ", ".join(names) + ")")
    print("%d right, %d refused as written, %d wrong, %d not tried, %d s"
          % (*(words.count(w) for w in ("right", "refused", "WRONG", "not tried")), time.time() - started))
    missing = differences(args.docs, rows) if args.docs else []
    for line in missing:
        print("not in the page: " + line)
    return bool(missing) or "WRONG" in words or "right" not in words


sys.exit(main())
