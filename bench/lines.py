#!/usr/bin/env python3
# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Lines of the product, before the rooms were rebuilt and now.

    bench/lines.py [BEFORE [NOW]]

Prints, for two commits (2cfac96 and HEAD), the lines of plugin/, include/ and
tools/ that are code: no blank line and no comment. First what the product did
before, by what its files do, since rooms changed their names; then, file by
file, what it could not do at all. A file that does something of both counts as
old, and so does one that does by a better mechanism what another did: Codegen in
place of the tables of run-time calls, `closed` in place of `grow: complete`. A
header counts where its source file does.
"""

import re
import subprocess
import sys

# The first row that a path matches has it.
ROWS = [
    (
        "reading: objects, archives, link, IR, asm, code",
        r"/(Frontend|Objects|Link|IR|Asm|Whole|Codegen)/"
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
]

# What the product could not do at BEFORE: rooms, and files without their ending.
NEW = {
    "instructions of an image": "Decode/ Verify/Leaving",
    "closed under sanitizers and LTO, plan --after": "Annotate/IndirectCallMarks"
    " Pass/InstrumentationGuard tools/AfterFailure",
    "the proof of closed and region in an image": "Verify/Proof Verify/GroupAddresses"
    " Verify/Regions",
    "constants and variables": "Plan/DataPlan Apply/CopyConstants IR/ImportedConstants"
    " IR/ReadsReader Codegen/DataOutside",
    "linker scripts and the link's own command": "Link/LinkerScript Link/ScriptLexer"
    " tools/LinkCommandOption",
    "what the link drops, and takes of natives": "Whole/LiveCode Link/LinkedFiles"
    " Objects/NativeMembers Objects/BitcodeInputs",
    "suggest tries its policy": "Suggest/Trial Suggest/CodeLayout",
    "import of other tools' placement": "Import/ tools/Import",
    "doctor, and the commands of a build": "Doctor/ tools/Doctor Flags/BuildCommands",
    "diff of two images": "Diff/ tools/Diff",
    "split, and the links that count": "Split/ Pass/SplitHook Report/PartsReport"
    " Model/SplitOutcome Flags/TrainingLink",
    "JSON of check, plan, report and suggest": "Suggest/JsonFindings Explain/JsonPlan"
    " Report/JsonSummary",
    "names and cached objects that do harm": "Model/DemangledSize Apply/RefusedObject",
}


def git(*words):
    return subprocess.run(["git", *words], capture_output=True, check=True).stdout


def code_lines(text):
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    lines = (line.strip() for line in text.splitlines())
    return sum(1 for line in lines if line and not line.startswith("//"))


def short_name(path):
    """`Plan/DataPlan` of its source file and of its header."""
    path = re.sub(r"^(plugin|include/section-placement)/", "", path)
    return re.sub(r"^tools/section-placement/", "tools/", path).rsplit(".", 1)[0]


def new_ability(name):
    """What only \p name does; None where the product did that before."""
    for ability, files in NEW.items():
        for file in files.split():
            if name == file or (file.endswith("/") and name.startswith(file)):
                return ability
    return None


def count(commit):
    """The lines of each row, and by ability of each file that is new."""
    lines, new = [0] * len(ROWS), {ability: {} for ability in NEW}
    folders = ("plugin", "include", "tools")
    for path in git("ls-tree", "-r", "--name-only", commit, *folders).decode().split():
        if not path.endswith((".cpp", ".h")):
            continue
        size = code_lines(git("show", f"{commit}:{path}").decode("utf-8"))
        name = short_name(path)
        if ability := new_ability(name):
            new[ability][name] = new[ability].get(name, 0) + size
        else:
            lines[next(I for I, (_, where) in enumerate(ROWS) if re.search(where, path))] += size
    return lines, new


def main(before="2cfac96", now="HEAD"):
    (old, old_new), (rows, new) = count(before), count(now)
    if any(old_new.values()):
        sys.exit(f"{before} has files that are called new: {old_new}")
    print(f"{'lines of code':52} {before[:8]:>8} {now[:8]:>8}")
    for (name, _), was, count_now in zip(ROWS, old, rows):
        print(f"{name:52} {was:8} {count_now:8}")
    print(f"{'what it did before':52} {sum(old):8} {sum(rows):8}")
    for ability, files in new.items():
        print(f"{'new: ' + ability:52} {'':8} {sum(files.values()):8}")
        for name, size in sorted(files.items()):
            print(f"{'    ' + name:52} {'':8} {size:8}")
    total_new = sum(sum(files.values()) for files in new.values())
    print(f"{'what is new':52} {'':8} {total_new:8}")
    print(f"{'all':52} {sum(old):8} {sum(rows) + total_new:8}")


if __name__ == "__main__":
    main(*sys.argv[1:])
