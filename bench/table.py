#!/usr/bin/env python3
"""Prints the ratios of bench/run.sh's results in a folder beside their bounds."""

import json
import os
import sys

FOLDER = sys.argv[1]


def least(name):
    """The least time of each benchmark, in milliseconds of its own thread."""
    with open(os.path.join(FOLDER, name + ".json")) as f:
        runs = json.load(f)["benchmarks"]
    result = {}
    for run in runs:
        if run.get("error_occurred"):
            sys.exit(f"bench: {run['name']}: {run['error_message']}")
        if run["run_type"] != "iteration":
            continue
        key, is_manual = run["run_name"], False
        if key.endswith("/manual_time"):
            key, is_manual = key[: -len("/manual_time")], True
        time = run["real_time"] if is_manual else run["cpu_time"]
        result[key] = min(time, result.get(key, time))
    return result


def links():
    counts = {}
    with open(os.path.join(FOLDER, "links.txt")) as f:
        for line in f:
            kind, what, count = line.split()
            counts[kind, what] = int(count)
    return counts


def rows():
    plan = least("plan")
    for names in (1, 5):
        yield (
            f"plan: 1,000 rules of {names} literal name{'s' if names > 1 else ''}"
            " / 10 such rules",
            plan[f"plan/1000/{names}"] / plan[f"plan/10/{names}"],
            2,
        )
    for name, kind in (("pass", "C names"), ("pass-c++", "C++ names")):
        t = least(name)
        yield f"pass, {kind} / globaldce", t["pass"] / t["globaldce"], 1
        yield (
            f"pass that grows, {kind} / (globaldce + walk)",
            t["pass-growing"] / (t["globaldce"] + t["walk"]),
            1,
        )
    counts = links()
    for kind, name in (("full", "full-LTO"), ("thin", "ThinLTO")):
        for what in ("named", "wildcard"):
            if (kind, what) in counts:
                yield (
                    f"{name} link, natives by {what} / without the plugin"
                    if what == "wildcard"
                    else f"{name} link, natives named / without the plugin",
                    counts[kind, what] / counts[kind, "without"],
                    1.01,
                )


table = [(what, f"{r:.4f}", f"{b:g}", "met" if r <= b else "NOT MET")
         for what, r, b in rows()]
table.insert(0, ("what", "ratio", "bound", ""))
width = max(len(row[0]) for row in table)
for what, ratio, bound, met in table:
    print(f"{what:<{width}}  {ratio:>8}  {bound:>5}  {met}")
