#!/usr/bin/env python3
"""Makes what a large link leaves behind: an image of many functions, and the
report of it, without compiling anything.

    make_large.py FOLDER LLVM-BIN FUNCTIONS REFERENCES

writes FOLDER/image and FOLDER/reports/. The functions of twelve rules stand
together; the others, which no rule claims, between them. The short references
are between functions of rules; one of a thousand goes too far.
"""

import json
import os
import subprocess
import sys

RULES = 12


def rule_of(i, count):
    """A tenth of the functions belongs to a rule, in twelve runs."""
    run = count // RULES
    return i // run if i % run < run // 10 and i // run < RULES else None


def assembly(count):
    lines = [".section .text, \"ax\"", ".globl _start", "_start: ret"]
    for i in range(count):
        lines.append(
            ".globl f{0}_of_subsystem_{1}\n.type f{0}_of_subsystem_{1}, %function\n"
            "f{0}_of_subsystem_{1}: .skip {2}\n"
            ".size f{0}_of_subsystem_{1}, {2}".format(i, i % 97, 4 + i * 37 % 120 // 4 * 4)
        )
    return "\n".join(lines) + "\n"


def report(count, reference_count):
    rules = [
        {"name": "group-%d" % r, "line": 3 + r, "seeds": 1, "claimed": 0, "moved": 0}
        for r in range(RULES)
    ]
    functions, unclaimed, references = [], [], []
    for i in range(count):
        symbol = "f%d_of_subsystem_%d" % (i, i % 97)
        rule = rule_of(i, count)
        if rule is None:
            unclaimed.append(symbol)
            continue
        name = rules[rule]["name"]
        rules[rule]["claimed"] += 1
        rules[rule]["moved"] += 1
        functions.append({
            "symbol": symbol, "source": "drivers/%s/%d.c" % (name, i % 31),
            "rule": name, "reason": "matched", "section": ".text." + name,
            "because": "'%s' goes to section '.text.%s' by rule '%s': its match holds" % (symbol, name, name),
        })
    for i in range(reference_count):
        at = i * 7919 % len(functions)
        away = len(functions) // 2 if i % 1000 == 999 else 1 + i % 60
        references.append({
            "kind": "branch", "from": functions[at]["symbol"],
            "to": functions[(at + away) % len(functions)]["symbol"],
            "object": "entry.o", "relocation": "R_AARCH64_CONDBR19",
            "offset": 4 * i, "fromOffset": 4 * (i % 4), "reach": 1048576,
        })
    return {
        "format": "section-placement-report", "version": 1, "policy": "large.yaml",
        "output": "image", "module": "ld-temp.o", "phase": "full-lto", "rules": rules,
        "functions": functions, "unclaimed": unclaimed, "refusals": [],
        "references": references, "unanswered": [], "told": [],
    }


def main():
    folder, tools = sys.argv[1], sys.argv[2]
    count, reference_count = int(sys.argv[3]), int(sys.argv[4])
    os.makedirs(os.path.join(folder, "reports"), exist_ok=True)
    source, made = os.path.join(folder, "large.s"), os.path.join(folder, "large.o")
    with open(source, "w") as f:
        f.write(assembly(count))
    tool = lambda name: os.path.join(tools, name)
    subprocess.run([tool("llvm-mc"), "-triple=aarch64", "-filetype=obj", source, "-o", made], check=True)
    subprocess.run([tool("ld.lld"), made, "-o", os.path.join(folder, "image")], check=True)
    with open(os.path.join(folder, "reports", "image.ld-temp.o.json"), "w") as f:
        json.dump(report(count, reference_count), f)


main()
