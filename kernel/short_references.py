#!/usr/bin/env python3
# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The short references of an image, in a few lines.

    short_references.py VERIFY.json [TARGET]

How many there are and what is left at the nearest to its limit, and those to
TARGET by themselves, of which there must be one. VERIFY.json is what `section-placement verify --json` said.
"""

import json
import sys

path, *targets = sys.argv[1:]
with open(path, encoding="utf-8") as f:
    verdict = json.load(f)
summary = verdict["summary"]
measured = [r for r in verdict["references"] if "distance" in r]
for target in targets:
    named = [r for r in measured if r["to"].strip("'").split("+")[0] == target]
    if not named:
        sys.exit(f"{path}: no short reference to {target}")
    for r in named:
        print(f"{r['relocation']} to {target}: {r['distance']} bytes, "
              f"{r['marginPercent']} % of its reach left")
print(f"{summary['measured']} short references measured, {summary['outOfReach']} "
      f"out of reach")
if measured:
    least = min(measured, key=lambda r: r["marginPercent"])
    print(f"the least margin is {least['marginPercent']} % "
          f"({least['relocation']} in {least['from']})")
