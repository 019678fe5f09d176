"""Compares where several builds of one program put each function.

  compare_sections.py READOBJ LEAST NAME=OBJECT[,OBJECT...] ...

Each build's objects are read for the sections of their functions, by the names
that the source gave them. The builds must agree on every function that two of
them have. Prints how many functions were compared, and fails where that is
fewer than LEAST, or where a build lacks more than it may: a function that was
inlined away in one build and not in another is no difference of section.
"""
import collections
import json
import re
import subprocess
import sys

SUFFIX = re.compile(r"\.llvm\.\d+$|\.\d+$")


def functions(readelf, file):
    """Pairs of name and section of the functions that `file` defines."""
    text = subprocess.run(
        [readelf, "--sections", "--symbols", "--wide", file],
        check=True, capture_output=True, text=True).stdout
    sections = dict(re.findall(r"^\s*\[\s*(\d+)\]\s+(\S+)\s", text, re.M))
    for line in text.splitlines():
        words = line.split()
        if len(words) == 8 and words[3] in ("FUNC", "IFUNC") and words[6] in sections:
            yield words[7], sections[words[6]]


def main():
    readelf, least, builds = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    found = collections.defaultdict(dict)
    for build in builds:
        name, files = build.split("=", 1)
        for file in files.split(","):
            for symbol, section in functions(readelf, file):
                while SUFFIX.search(symbol):
                    symbol = SUFFIX.sub("", symbol)
                    section = SUFFIX.sub("", section)
                found[symbol].setdefault(name, set()).add(section)
    names = [build.split("=", 1)[0] for build in builds]
    differing = 0
    compared = 0
    for symbol, where in sorted(found.items()):
        print(symbol, json.dumps({n: sorted(where[n]) for n in names if n in where}))
        compared += len(where) == len(names)
        if len({tuple(sorted(s)) for s in where.values()}) > 1:
            differing += 1
            print("  DIFFERS")
    print(f"{compared} functions in all of {len(names)} builds, {differing} differ")
    return 1 if differing or compared < least else 0


sys.exit(main())
