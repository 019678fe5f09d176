#!/usr/bin/env python3
"""Runs bench/scale.sh's measurements: scale.py BUILD FOLDER all|arrays"""

import math
import os
import re
import shutil
import subprocess
import sys

BUILD, FOLDER, WHAT = sys.argv[1:]
SIZES = [10**4, 10**5, 10**6]
PROGRAM = os.path.join(BUILD, "bench", "ScaleBenchmark")
TOOL = os.path.join(BUILD, "tools", "section-placement", "section-placement")
POLICY = os.path.join(FOLDER, "policy.yaml")


def arrays(size, known):
    """The best of three: seconds and MiB."""
    runs = []
    for _ in range(3):
        line = subprocess.run([PROGRAM, known, str(size), POLICY], check=True, capture_output=True, text=True).stdout
        functions, calls, claimed, seconds, mib = line.split()
        runs.append((float(seconds), float(mib)))
    return min(r[0] for r in runs), max(r[1] for r in runs), int(calls), int(claimed)


def instructions(size, known):
    """Of the planner alone, in millions. Unlike time they tell nothing of which
    caches the program fits into."""
    run = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
                          "--collect-atstart=no", "--toggle-collect=section_placement::makePlan*",
                          "--toggle-collect=section_placement::Program::finish*",
                          PROGRAM, known, str(size), POLICY], check=True, capture_output=True, text=True)
    return int(re.search(r"Collected : (\d+)", run.stderr)[1]) / 1e6


def bitcode(size):
    folder = os.path.join(FOLDER, "bitcode-%d" % size)
    if not os.path.exists(os.path.join(folder, "complete")):
        os.makedirs(folder, exist_ok=True)
        subprocess.run([PROGRAM, "bitcode", str(size), folder], check=True)
        open(os.path.join(folder, "complete"), "w").close()
    files = os.path.join(folder, "inputs.rsp")
    names = sorted((n for n in os.listdir(folder) if n.endswith(".o")), key=lambda n: int(n[:-2]))
    with open(files, "w") as f:
        f.write("\n".join(os.path.join(folder, n) for n in names) + "\n")
    best, peak = math.inf, 0
    for _ in range(3):
        child = os.fork()
        if child == 0:
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 1)
            os.dup2(null, 2)
            os.execv(TOOL, [TOOL, "plan", "--policy", POLICY, "-o", os.path.join(folder, "plan.yaml"), "@" + files])
        _, status, usage = os.wait4(child, 0)
        if os.waitstatus_to_exitcode(status) != 0:
            sys.exit("section-placement plan failed")
        best = min(best, usage.ru_utime + usage.ru_stime)
        peak = max(peak, usage.ru_maxrss / 1024)
    return best, peak


def exponent(times):
    """Of time = c * size^e, between the smallest and the largest."""
    return math.log(times[-1] / times[0]) / math.log(SIZES[-1] / SIZES[0])


def table(title, rows):
    print(title)
    for size, (seconds, mib) in zip(SIZES, rows):
        bound = ""
        if size == SIZES[-1]:
            bound = "  met" if seconds <= 10 and mib <= 1536 else "  NOT MET (10 s, 1536 MiB)"
        print("  %8d functions  %8.2f s  %6.0f MiB%s" % (size, seconds, mib, bound))
    print("  exponent %.2f (n log n: %.2f)" % (exponent([r[0] for r in rows]),
          exponent([s * math.log(s) for s in SIZES])))


for known in "estimates", "counts", "runs":
    planned = [arrays(size, known) for size in SIZES]
    if known == "estimates":
        print("%d functions: %d calls, %d functions claimed" % (SIZES[-1], planned[-1][2], planned[-1][3]))
    table("planner, from arrays, calls by %s" % known, [p[:2] for p in planned])
    if shutil.which("valgrind"):
        counted = [instructions(size, known) for size in SIZES]
        print("  %s million instructions, exponent %.2f"
              % (", ".join("%.0f" % c for c in counted), exponent(counted)))
if WHAT == "all":
    table("section-placement plan, from ThinLTO bitcode", [bitcode(size) for size in SIZES])
