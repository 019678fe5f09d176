"""The instrumentation matrix: one program, each flag that instruments code or
changes how it is made, both kinds of LTO, each way in which a policy acts.

    matrix.py CLANG LLD PLUGIN [FLAG...]

A cell is right where the program links and runs as without the plugin, or where
the link is refused with an error of the plugin's that REFUSED names. Prints one
line for each cell that is wrong, then the counts; exits 1 if any is wrong.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time

FLAGS = [
    "",
    "-g",
    "-fsanitize=address",
    "-fsanitize=address -g",
    "-fsanitize=thread",
    "-fsanitize=memory",
    "-fsanitize=undefined",
    "-fsanitize=dataflow",
    "-fsanitize=leak",
    "-fsanitize=cfi-icall -fvisibility=hidden",
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
    "-fopenmp-simd",
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

# What is refused, by flag and policy, and the words of the error.
REFUSED = {}

MAIN = r"""
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
int main(int argc, char **argv) {
  int sum = 0;
  for (int i = 0; i < 4; i++) sum += outside(i) + table[i & 1](i) + chosen(i);
  words[0] = 'W';
  printf("%s %s %d %d\n", words, names[argc & 1], sum, counter);
  return 0;
}
"""
OTHER = r"""
int shared(int); int counter = 2; static int calls; static _Thread_local int per_thread = 3;
const char *const names[] = {"zero", "one"};
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
"""


def run(words, env=None, seconds=60):
    return subprocess.run(words, env=env, capture_output=True, text=True,
                          timeout=seconds, stdin=subprocess.DEVNULL)


def build(clang, lld, flags, lto, plugin, env):
    """The first step that failed, or the program's run."""
    words = [clang, "-O2", "-flto=" + lto] + flags
    for name in ("m", "o"):
        done = run(words + ([] if not plugin else ["-fpass-plugin=" + plugin])
                   + ["-c", name + ".c", "-o", name + ".o"], env)
        if done.returncode:
            return done, False
    done = run(words + ["--ld-path=" + lld, "m.o", "o.o", "-o", "prog"]
               + ([] if not plugin else ["-Wl,--load-pass-plugin=" + plugin]), env)
    if done.returncode:
        return done, False
    return run(["./prog"], dict(env, LLVM_PROFILE_FILE="/dev/null",
                                ASAN_OPTIONS="detect_leaks=0",
                                LSAN_OPTIONS="detect_leaks=0")), True


def main():
    clang, lld, plugin = sys.argv[1:4]
    lld = shutil.which(lld) or lld
    flags = sys.argv[4:] or FLAGS
    folder = tempfile.mkdtemp()
    os.chdir(folder)
    for name, text in (("m.c", MAIN), ("o.c", OTHER)):
        with open(name, "w") as out:
            out.write(text)
    base_env = {k: v for k, v in os.environ.items() if not k.startswith("SECTION_PLACEMENT_")}
    started, right, refused, wrong, skipped = time.time(), 0, 0, 0, 0
    for flag in flags:
        for lto in ("thin", "full"):
            base, ran = build(clang, lld, flag.split(), lto, "", base_env)
            if not ran:
                print("not tried: %s -flto=%s: without the plugin: %s"
                      % (flag, lto, (base.stderr.strip().splitlines() or ["?"])[0][:120]))
                skipped += len(POLICIES)
                continue
            for name, rule in POLICIES.items():
                with open("p.yaml", "w") as out:
                    out.write("version: 1\nrules:\n  - %s\n" % rule)
                done, ran = build(clang, lld, flag.split(), lto, plugin,
                                  dict(base_env, SECTION_PLACEMENT_POLICY="p.yaml"))
                said = REFUSED.get((flag, name))
                if ran and (done.returncode, done.stdout) == (base.returncode, base.stdout):
                    right += 1
                elif said and not ran and "section-placement: " in done.stderr and said in done.stderr:
                    refused += 1
                else:
                    wrong += 1
                    print("WRONG: %s -flto=%s, %s: exit %d: %s"
                          % (flag, lto, name, done.returncode,
                             " | ".join(done.stderr.strip().splitlines()[:2])[:300]))
    shutil.rmtree(folder)
    print("%d right, %d refused as written, %d wrong, %d not tried, %d s"
          % (right, refused, wrong, skipped, time.time() - started))
    sys.exit(wrong != 0 or right == 0)


main()
