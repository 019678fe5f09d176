#!/usr/bin/env python3
"""The arithmetic of bench/size.sh.

    size.py join FOLDER     a line a function: module, name, goal, estimate, true
                            size, and its features
    size.py fit LINES       the models, as C++ initializers
    size.py errors LINES    how far the estimates are off, for groups of functions
"""

import glob
import os
import random
import re
import sys

PROGRAMS = ["lua", "zlib", "bzip2", "mbedtls", "zstd"]
TARGETS = ["aarch64", "x86-64", "riscv", "thumb"]
GOALS = {"speed": "O2", "size": "Os"}


def true_sizes(sections):
    """By function: its section's bytes, rounded up to its alignment."""
    result = {}
    pattern = re.compile(
        r"\] \.text\.(?:unlikely\.|hot\.)?(\S+)\s+PROGBITS\s+\S+ \S+ (\S+) .* (\d+)$"
    )
    for line in open(sections, encoding="utf-8"):
        found = pattern.search(line.rstrip())
        if found:
            size, align = int(found[2], 16), max(1, int(found[3]))
            result[found[1]] = (size + align - 1) // align * align
    return result


def join(folder):
    for features in sorted(glob.glob(os.path.join(folder, "*.o.features"))):
        sizes = true_sizes(features.replace(".features", ".sections"))
        module = os.path.basename(features)[: -len(".o.features")]
        for line in open(features, encoding="utf-8"):
            name, goal, estimate, *counts = line.split()
            if name in sizes:
                print(module, name, goal, estimate, sizes[name], *counts)


NAMES = []


class Function:
    def __init__(self, line):
        self.module, self.name, self.goal, *numbers = line.split()
        self.estimate, self.true, *self.counts = map(int, numbers)


def load(folder, target, goal, programs):
    if not NAMES:
        with open(os.path.join(folder, "names")) as f:
            NAMES.extend(f.read().split())
    result = []
    for program in programs:
        with open(os.path.join(folder, f"{target}.{GOALS[goal]}.{program}")) as f:
            result += [Function(line) for line in f]
    return result


# What no program has much of (inline asm, atomics) is held to a guess: as if
# there had been a few functions of which it were true.
DOUBT = 0.3
GUESSES = {"memory-call": 16, "atomic": 16, "divide": 8, "indirect-call": 8, "memory-bytes": 0.5}


def guess_of(feature):
    return GUESSES.get(NAMES[feature], 4)


def least_squares(functions):
    """Non-negative coefficients by coordinate descent. A function's error counts
    by the root of its size: neither the large ones nor the many small ones
    decide alone. Then all of them are scaled so that the sums agree."""
    n = len(functions[0].counts)
    gram = [[0.0] * n for _ in range(n)]
    right = [0.0] * n
    for f in functions:
        weight = 1.0 / (f.true + 32)
        filled = [i for i in range(n) if f.counts[i]]
        for i in filled:
            wi = weight * f.counts[i]
            right[i] += wi * f.true
            for j in filled:
                gram[i][j] += wi * f.counts[j]
    x = [0.0] * n
    for i in range(n):
        gram[i][i] += DOUBT
        right[i] += DOUBT * guess_of(i)
    for _ in range(3000):
        for i in range(n):
            rest = right[i] - sum(gram[i][j] * x[j] for j in range(n) if j != i)
            x[i] = max(0.0, rest / gram[i][i])
    total = sum(f.true for f in functions)
    guess = sum(predict(x, f) for f in functions)
    return [c * total / guess for c in x]


def predict(model, f):
    return max(1.0, sum(c * k for c, k in zip(model, f.counts)))


def fit(folder):
    print("// Fitted by bench/size.sh --fit; do not edit.")
    for target in TARGETS:
        for goal in GOALS:
            model = least_squares(load(folder, target, goal, PROGRAMS))
            numbers = ", ".join("%.2fF" % c for c in model)
            print('{"%s", %s, {%s}},' % (target, "true" if goal == "size" else "false", numbers))


def groups_of(functions, size, count, seed):
    """Neighbours in one program, as a rule by source or a closure gives them,
    and random ones."""
    draw = random.Random(seed)
    for i in range(count):
        if i % 2:
            start = draw.randrange(max(1, len(functions) - size + 1))
            yield functions[start : start + size]
        else:
            yield draw.sample(functions, min(size, len(functions)))


def spread(functions, value, size):
    """Errors of groups, in per cent: the mean, that which 95 of 100 stay under,
    and the largest."""
    errors = []
    for group in groups_of(functions, size, 400, 1):
        true = sum(f.true for f in group)
        errors.append(abs(sum(map(value, group)) - true) / true * 100)
    errors.sort()
    return sum(errors) / len(errors), errors[len(errors) * 95 // 100], errors[-1]


def errors(folder):
    """`in` is the built-in model; `out` a model that was fitted to the other four
    programs only: what a program that nobody measured may expect."""
    print("error of the estimated size of a group of functions, in per cent of the true size")
    print("             functions  whole program   groups of 20          groups of 100")
    print("target goal              built-in  out   mean   95%  largest   mean   95%  largest   (out)")
    for target in TARGETS:
        for goal in GOALS:
            everything, wholes, values = [], [], {}
            for program in PROGRAMS:
                tested = load(folder, target, goal, [program])
                others = [p for p in PROGRAMS if p != program]
                model = least_squares(load(folder, target, goal, others))
                true = sum(f.true for f in tested)
                for f in tested:
                    values[id(f)] = predict(model, f)
                wholes.append(
                    (
                        abs(sum(f.estimate for f in tested) - true) / true * 100,
                        abs(sum(values[id(f)] for f in tested) - true) / true * 100,
                    )
                )
                everything += tested
            columns = []
            for size in (20, 100):
                columns.append("%6.1f %6.1f %6.1f  " % spread(everything, lambda f: values[id(f)], size))
            print(
                "%-8s %-5s %6d   %6.1f %6.1f  %s"
                % (target, goal, len(everything), max(w[0] for w in wholes), max(w[1] for w in wholes), " ".join(columns))
            )


if __name__ == "__main__":
    {"join": join, "fit": fit, "errors": errors}[sys.argv[1]](sys.argv[2])
