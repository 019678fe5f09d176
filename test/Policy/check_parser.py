# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks that `section-placement check` and its corpus agree.

    check_parser.py INPUTS SCRATCH

INPUTS holds the policies that check_schema.py gives to the schema. Those in
`good` must be accepted; those in `bad-shape` refused with placed messages. They
are checked in a copy, SCRATCH, that also has the lists which they name. Prints
a line a file, sorted, and exits with 1 on any surprise.
"""

import pathlib
import re
import shutil
import subprocess
import sys

LISTS = ["startup.order", "lists/hot.txt", "isr.txt"]


def told(folder, name):
    """The exit code of `check` and what it says of a policy, as lines."""
    run = subprocess.run(
        ["section-placement", "check", name],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return run.returncode, (run.stdout + run.stderr).splitlines()


def surprise(folder, name):
    """What is not as the folder says; nothing where all is well."""
    code, lines = told(folder, name)
    if folder.name == "good":
        fine = code == 0 and len(lines) == 1 and ": well formed, " in lines[0]
        return None if fine else f"exit {code}: {lines}"
    placed = re.compile(rf"{re.escape(name)}:[0-9]+:[0-9]+: error: \S")
    errors = [line for line in lines if "error: " in line]
    if code != 2 or lines[:1] != errors[:1] or not all(map(placed.match, errors)):
        return f"exit {code}: {lines}"
    return None


def main(inputs, scratch):
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(inputs, scratch)
    bad, count = 0, 0
    for folder in ("good", "bad-shape"):
        for name in LISTS:
            (scratch / folder / name).parent.mkdir(exist_ok=True)
            (scratch / folder / name).write_text("hyp_panic\n")
        for file in sorted((scratch / folder).glob("*.yaml")):
            why = surprise(scratch / folder, file.name)
            print(f"{'FAIL' if why else 'ok  '} {folder}/{file.name}", why or "")
            bad += why is not None
            count += 1
    print(f"{bad} surprises in {count} files")
    return 1 if bad or count < 100 else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: check_parser.py INPUTS SCRATCH")
    sys.exit(main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])))
