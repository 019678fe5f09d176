#!/usr/bin/env python3
"""What `closed` costs a backend: bench/closed.py [BUILD] [FUNCTIONS]

Links one ThinLTO module (-r) with a rule over some of its functions, with and
without `closed`, and prints user time and peak memory of ld.lld: the least of
several runs, alternating. Prints

    a rule over 100 functions of 10000: RATIO (at most 1.05)
    a rule over 1 function of 1: MS ms, MIB MiB more (at most 50, 20)

and exits 1 where a bound is broken. BUILD (build/llvm-22) has the plugin.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

BUILD = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "build/llvm-22").resolve()
FUNCTIONS = int(sys.argv[2]) if len(sys.argv) > 2 else 10000
TRIES = int(os.environ.get("TRIES", "3"))


def cost(words, environment):
    """User seconds and peak KiB of one process."""
    child = os.posix_spawnp(words[0], words, environment)
    _, status, usage = os.wait4(child, 0)
    if status:
        sys.exit(f"{' '.join(words)}: status {status}")
    return usage.ru_utime, usage.ru_maxrss


def source(count):
    lines = ["extern volatile int data[];"]
    for i in range(count):
        lines.append(
            f"__attribute__((noinline)) long f{i}(long a, long b) {{\n"
            f"  for (int i = 0; i < a; i++) data[i] += data[i + {i % 7}] * b;\n"
            f"  return a / (b + {i}) + data[{i}]; }}")
    return "\n".join(lines)


def policy(count, closed):
    names = ", ".join(f"f{i}" for i in range(count))
    return ("version: 1\nrules:\n  - name: r\n"
            f"    match: {{ function: [{names}] }}\n    section: .text.r\n"
            + ("    closed: { allow: { function: ['*'], data: ['*'] } }\n" if closed else ""))


def measure(folder, count, claimed):
    file = folder / "a.c"
    file.write_text(source(count))
    subprocess.run(["clang-22", "--target=aarch64-linux-gnu", "-O2", "-flto=thin",
                    "-c", file, "-o", folder / "a.o"], check=True)
    best = {}
    for _ in range(TRIES):
        for closed in (False, True):
            rules = folder / f"{closed}.yaml"
            rules.write_text(policy(claimed, closed))
            words = ["ld.lld-22", f"--load-pass-plugin={BUILD}/plugin/SectionPlacement.so",
                     "-r", str(folder / "a.o"), "-o", str(folder / "out.o")]
            used = cost(words, dict(os.environ, SECTION_PLACEMENT_POLICY=str(rules)))
            best[closed] = tuple(map(min, zip(best.get(closed, used), used)))
    return best[False], best[True]


with tempfile.TemporaryDirectory() as name:
    plain, closed = measure(pathlib.Path(name), FUNCTIONS, 100)
    ratio = closed[0] / plain[0]
    print(f"a rule over 100 functions of {FUNCTIONS}: {ratio:.3f} (at most 1.05)")
    plain, closed = measure(pathlib.Path(name), 1, 1)
    ms = (closed[0] - plain[0]) * 1000
    mib = (closed[1] - plain[1]) / 1024
    print(f"a rule over 1 function of 1: {ms:.0f} ms, {mib:.1f} MiB more (at most 50, 20)")
    sys.exit(ratio > 1.05 or ms > 50 or mib > 20)
