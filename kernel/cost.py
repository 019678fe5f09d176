#!/usr/bin/env python3
# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Processor time and peak memory of links, run in turn.

    cost.py RUNS FOLDER NAME=COMMAND-FILE…

Runs each command RUNS times, in turn, in FOLDER, and prints for each the median
of user and system time, in seconds, and of the peak resident memory, in MiB; for
those after the first also the ratios to the first, as the median of the ratios
of the runs that stand beside each other. A command file holds a shell command.
"""

import os
import statistics
import sys


def run(command, folder):
    pid = os.fork()
    if pid == 0:
        os.chdir(folder)
        os.execvp("sh", ["sh", "-c", "exec " + command])
    _, status, usage = os.wait4(pid, 0)
    if status:
        sys.exit(f"cost: the link ended by status {status}: {command[:200]}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    runs, folder, *named = sys.argv[1:]
    commands = {}
    for item in named:
        name, path = item.split("=", 1)
        with open(path, encoding="utf-8") as f:
            commands[name] = f.read().strip()
    results = {name: [] for name in commands}
    for _ in range(int(runs)):
        for name, command in commands.items():
            results[name].append(run(command, folder))
    first = next(iter(results.values()))
    for name, got in results.items():
        times, peaks = ([r[i] for r in got] for i in (0, 1))
        line = f"{name}: {statistics.median(times):.1f} s, {statistics.median(peaks):.0f} MiB"
        if got is not first:
            ratios = [
                statistics.median(r[i] / f[i] for r, f in zip(got, first)) for i in (0, 1)
            ]
            line += f"; time {ratios[0]:.4f} times, memory {ratios[1]:.4f} times"
        print(line, "(times: " + ", ".join(f"{t:.1f}" for t in times) + ")")


if __name__ == "__main__":
    main()
