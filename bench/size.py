#!/usr/bin/env python3
"""The comparison of bench/size.sh: size.py FOLDER PROGRAM...

FOLDER/TARGET.GOAL.PROGRAM/ has for each module what the pass said of it (.said),
symbols and relocations of the finished object (.made), and the sections of one in
which a rule placed all functions together (.group-sections). Exits 1 where a
group's section is over the sum of its functions by more than the margin.
"""

import collections
import glob
import os
import random
import re
import sys

TARGETS = ["aarch64", "x86-64", "riscv", "thumb"]
GOALS = ["O2", "Os", "Oz"]
# Per cent, as marginPercent() has it (plugin/Plan/SizeCheck.cpp).
MARGIN = 2
# The linker's own, which no code calls or reads.
LINKERS = {"_GLOBAL_OFFSET_TABLE_", "_TLS_MODULE_BASE_"}


class Function:
    def __init__(self, size, alignment, estimate):
        self.size, self.estimate, self.names = size, estimate, set()
        self.aligned = (size + alignment - 1) // alignment * alignment


def read_said(file):
    functions, current = {}, None
    for line in open(file, encoding="utf-8"):
        head = re.match(r"(\S+): (\d+) bytes, alignment (\d+), estimated (\d+)$", line)
        if head:
            current = functions[head[1]] = Function(int(head[2]), int(head[3]), int(head[4]))
            continue
        name = re.match(r"  (calls|has the address of|uses|reads) (\S+)(.*)$", line)
        if not name or not current:
            sys.exit(f"{file}: unexpected: {line}")
        if not name[3]:
            current.names.add(name[2])
    return functions


def read_made(file):
    """Sizes, and the symbols that are seen from outside, by function."""
    sizes, names, visible, section = {}, collections.defaultdict(set), set(), None
    for line in open(file, encoding="utf-8"):
        symbol = re.match(r"[0-9a-f]+ (.)(.).{4}(.) (\S+)\s+([0-9a-f]+) (?:\.\w+ )*(\S+)$", line.rstrip())
        if symbol:
            if symbol[3] == "F" and symbol[4].startswith(".text"):
                sizes[symbol[6]] = int(symbol[5], 16)
            if symbol[1] == "g" or symbol[2] == "w" or symbol[4] == "*UND*":
                visible.add(symbol[6])
            continue
        head = re.match(r"RELOCATION RECORDS FOR \[(\S+)\]:", line)
        if head:
            code = re.match(r"\.text\.(?:unlikely\.|hot\.)?(\S+)$", head[1])
            section = code and code[1]
            continue
        place = re.match(r"[0-9a-f]+\s+R_\S+\s+([^\s+]+?)(?:[-+]0x[0-9a-f]+)?$", line.rstrip())
        if section and place:
            names[section].add(place[1])
    return sizes, names, visible


def group_section(file):
    for line in open(file, encoding="utf-8"):
        found = re.search(r"\] \.text\.group\s+PROGBITS\s+\S+ \S+ (\S+) ", line)
        if found:
            return int(found[1], 16)
    return 0


def spread(functions, size):
    """Errors of estimates for groups of functions, in per cent: the mean, and
    that which 95 of 100 stay under."""
    draw, errors = random.Random(1), []
    for i in range(400):
        start = draw.randrange(max(1, len(functions) - size + 1))
        group = functions[start : start + size] if i % 2 else draw.sample(functions, min(size, len(functions)))
        true = sum(f.size for f in group)
        errors.append(abs(sum(f.estimate for f in group) - true) / true * 100)
    errors.sort()
    return sum(errors) / len(errors), errors[len(errors) * 95 // 100]


def main(folder, programs):
    over, under, worst95 = 0.0, 0.0, 0.0
    differences = []
    print("target goal  functions  other names  other size | estimates, groups of 20: mean   95% | groups placed together, per cent off")
    for target in TARGETS:
        for goal in GOALS:
            everything, names, sizes, groups = [], 0, 0, []
            for program in programs:
                for said_file in sorted(glob.glob(os.path.join(folder, f"{target}.{goal}.{program}", "*.said"))):
                    stem = said_file[: -len(".said")]
                    said = read_said(said_file)
                    made_sizes, made_names, visible = read_made(stem + ".made")
                    where = f"{target} -{goal} {program}/{os.path.basename(stem)}"
                    for name, f in said.items():
                        everything.append(f)
                        made = (made_names[name] & visible) - LINKERS - {name}
                        told = f.names & visible
                        if made != told:
                            names += 1
                            differences.append(f"{where}: {name}: in the object {sorted(made - told)}, said {sorted(told - made)}")
                        if made_sizes.get(name) != f.size:
                            sizes += 1
                            differences.append(f"{where}: {name}: {made_sizes.get(name)} bytes in the object, said {f.size}")
                    total = sum(f.aligned for f in said.values())
                    if len(said) > 1:
                        groups.append((group_section(stem + ".group-sections") - total) / total * 100)
            mean, most = spread(everything, 20)
            worst95 = max(worst95, most)
            over, under = max([over] + groups), min([under] + groups)
            print(
                "%-7s %-4s %10d %12d %11d | %30.1f %5.1f | %d groups, %+.2f to %+.2f"
                % (target, goal, len(everything), names, sizes, mean, most, len(groups), min(groups), max(groups))
            )
    for line in differences:
        print(line)
    print(f"estimates of 20 functions: 95 of 100 within {worst95:.1f} %")
    print(f"a section of functions that are placed together: {under:+.2f} to {over:+.2f} % of their sizes added up (margin {MARGIN} %)")
    return 1 if over > MARGIN else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
