#!/usr/bin/env python3
# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Has anything changed that the policy is not about?

    compare_functions.py WITHOUT.o WITH.o --report DIR [--also NAMES] [--claimed]

Compares two links of one program, without the plugin and with it: each function
must be in the same section and have the same code, but for those that the
reports say a rule has claimed. The code is a function's bytes and its
relocations, each with what it refers to: by name, or for a section of code by
the function that stands there, since sections are what may differ. The hash of
its module in a promoted local's name (`count.llvm.123`) is no part of the name.

With --also the functions that the file NAMES lists, one a line, may differ too:
those of a file whose compile the policy acts in.

With --claimed it counts, of those that a rule has claimed, how many have the same
code in both, and fails on nothing.

Prints counts. Exits 1 where another function differs, and lists those.
"""

import argparse
import bisect
import collections
import json
import pathlib
import re
import sys

sys.dont_write_bytecode = True  # Tests run this in the source tree.
from elf import SHF_EXECINSTR, STT_SECTION, Object, Places


def claimed(folder):
    """The symbols that a rule has claimed in any module of the link."""
    names = set()
    for path in sorted(pathlib.Path(folder).glob("*.json")):
        report = json.loads(path.read_text("utf-8"))
        names.update(unpromoted(f["symbol"]) for f in report["functions"] if f["reason"] != "left")
    return names


def unpromoted(name):
    return re.sub(r"\.llvm\.\d+", "", name)


def numbered(functions):
    """Statics of one name are told apart by their order, which a link keeps."""
    seen = collections.Counter()
    for f in functions:
        name = unpromoted(f.name)
        yield (name, seen[name]), f
        seen[name] += 1


class Reader:
    def __init__(self, path):
        self.elf = Object(path)
        self.places = Places(self.elf.functions())
        self.functions = dict(numbered(self.elf.functions()))
        self._relocations = {}

    def section(self, f):
        return unpromoted(self.elf.sections[f.section].name)

    def code(self, f):
        return self.elf.bytes_of(f), tuple(self._references(f))

    def _references(self, f):
        if f.section not in self._relocations:
            self._relocations[f.section] = self.elf.relocations(f.section)
        for offset, kind, symbol, addend in self._between(f):
            yield offset - f.value, kind, self._target(self.elf.symbols[symbol], addend)

    def _between(self, f):
        all_of_them = self._relocations[f.section]
        first = bisect.bisect_left(all_of_them, (f.value,))
        last = bisect.bisect_left(all_of_them, (f.value + f.size,))
        return all_of_them[first:last]

    def _target(self, symbol, addend):
        if symbol.type != STT_SECTION:
            return unpromoted(symbol.name), addend
        section = self.elf.sections[symbol.section]
        if section.flags & SHF_EXECINSTR:
            place = self.places.name(symbol.section, addend)
            if place:
                return unpromoted(place), 0
        return unpromoted(section.name), addend


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("without")
    parser.add_argument("with_")
    parser.add_argument("--report", required=True)
    parser.add_argument("--also")
    parser.add_argument("--claimed", action="store_true")
    arguments = parser.parse_args()
    policy = claimed(arguments.report)
    if arguments.also:
        policy.update(pathlib.Path(arguments.also).read_text("utf-8").split())
    before, after = Reader(arguments.without), Reader(arguments.with_)
    if arguments.claimed:
        return compare_claimed(policy, before, after)
    return compare_others(policy, before, after)


def compare_claimed(policy, before, after):
    both = [k for k in before.functions if k[0] in policy and k in after.functions]
    same = sum(before.code(before.functions[k]) == after.code(after.functions[k]) for k in both)
    print(f"{same} of the policy's {len(policy)} functions have the same code in both, "
          f"{len(both)} are in both")
    return 0


def compare_others(policy, before, after):
    faults, same, moved = [], 0, 0
    for key, f in before.functions.items():
        g = after.functions.get(key)
        if key[0] in policy:
            moved += g is not None and before.section(f) != after.section(g)
        elif g is None:
            faults.append(f"{f.name}: is gone")
        elif before.section(f) != after.section(g):
            faults.append(f"{f.name}: from {before.section(f)} to {after.section(g)}")
        elif before.code(f) != after.code(g):
            faults.append(f"{f.name}: its code is another")
        else:
            same += 1
    faults += [f"{name}: is new" for name, i in after.functions
               if (name, i) not in before.functions and name not in policy]
    print(f"{same} functions outside the policy are in their section, with the same code")
    if policy:
        print(f"{moved} of the policy's {len(policy)} are in another section")
    if faults:
        print(f"{len(faults)} differ that the policy is not about")
        print("\n".join(faults[:20]))
    return 1 if faults or not same else 0


if __name__ == "__main__":
    raise SystemExit(main())
