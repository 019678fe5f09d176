#!/usr/bin/env python3
# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Lines of the product, before the rooms were rebuilt and now.

    bench/lines.py [BEFORE [NOW]]

Prints, for two commits (2cfac96 and HEAD), the lines of plugin/, include/ and
tools/ that are code: no blank line and no comment. By what they do, since rooms
changed their names; what the product could not do before stands apart. A header
counts where its source file does.
"""

import re
import subprocess
import sys

# The first row that a path matches has it.
ROWS = [
    ("new: the compiled code (Codegen)", r"/Codegen/"),
    ("new: instructions in an image (Decode)", r"/Decode/"),
    ("new: link facts and linker scripts", r"/Link/(LinkFacts|LinkerScript|Script)|/LinkOption\."),
    ("new: suggest tries its policy", r"/Suggest/Trial"),
    (
        "reading: objects, archives, link, IR, asm",
        r"/(Frontend|Objects|Link|IR|Asm|Whole)/"
        r"|/Verify/(ObjectFile|RelocationForm|Reports)|/Report/ReportReader|tools/.*/Inputs\.",
    ),
    (
        "explaining and writing: words, report, plan file",
        r"/(Explain|Report|PlanFile|Support)/|/Verify/TextWriter|/OutputFile\.",
    ),
    ("policy, model and planning", r"/(Model|Policy|Affinity|Plan|Apply)/"),
    ("compile and isolation", r"/(Isolate|Annotate|Flags|Pass)/|plugin/Plugin\.cpp"),
    ("verify and suggest", r"/(Verify|Suggest)/"),
    ("the tool's commands", r"tools/"),
    ("other", r""),
]


def git(*words):
    return subprocess.run(["git", *words], capture_output=True, check=True).stdout


def code_lines(text):
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    lines = (line.strip() for line in text.splitlines())
    return sum(1 for line in lines if line and not line.startswith("//"))


def count(commit):
    """The lines of each row."""
    lines = [0] * len(ROWS)
    folders = ("plugin", "include", "tools")
    for path in git("ls-tree", "-r", "--name-only", commit, *folders).decode().split():
        if not path.endswith((".cpp", ".h")):
            continue
        row = next(I for I, (_, where) in enumerate(ROWS) if re.search(where, path))
        lines[row] += code_lines(git("show", f"{commit}:{path}").decode("utf-8"))
    return lines


def main(before="2cfac96", now="HEAD"):
    old, new = count(before), count(now)
    kept = [I for I, (name, _) in enumerate(ROWS) if not name.startswith("new:")]
    print(f"{'lines of code':52} {before[:8]:>8} {now[:8]:>8}")
    for I, (name, _) in enumerate(ROWS):
        if old[I] or new[I]:
            print(f"{name:52} {old[I]:8} {new[I]:8}")
    print(f"{'what it did before':52} {sum(old[I] for I in kept):8} {sum(new[I] for I in kept):8}")
    print(f"{'all':52} {sum(old):8} {sum(new):8}")


if __name__ == "__main__":
    main(*sys.argv[1:])
