# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The same input gives the same bytes, whatever else differs.

    determinism.py --llvm BIN --plugin SO --tool TOOL --folder F [--runs N]

Links the program of test/Unclaimed/Inputs/shapes under a policy of several rules
in each way of WAYS and compares every output with the first one's. Prints a
table; exits 1 where two outputs differ.
"""

import argparse
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True  # Tests run this in the source tree.
SHAPES = pathlib.Path(__file__).resolve().parents[1] / "Unclaimed" / "Inputs" / "shapes"
SOURCES = ["a.c", "b.c", "c.cpp"]
POLICY = """version: 1
rules:
  - name: listed
    match: { function: [picks, claimed, through] }
    order: listed
    section: .text.listed
  - name: callees
    match: { function: [calls_claimed] }
    grow: { along: [call], depth: 2 }
    section: .text.callees
  - name: each
    match: { source: ["*.c"] }
    section: ".text.{file}.{function}"
  - name: rest
    match: { function: ["*"] }
    order: affinity
    section: .text.rest
"""

# What differs: the folder, jobs, environment, whether the inputs are reversed.
WAYS = {
    "again": {},
    "1 thread": {"jobs": 1},
    "16 threads": {"jobs": 16},
    "another folder": {"folder": "another folder"},
    "another locale": {"env": {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"}},
    "another time zone": {"env": {"TZ": "Pacific/Chatham"}},
    "another order of inputs": {"reversed": True},
}
# Where the order of inputs matters: the linker lays them out in it, the page shows
# addresses, and a full-LTO link merges them in it.
ORDERED = {"thin": {"image", "order file", "page"},
           "full": {"image", "order file", "page", "reports"}}


def run(words, cwd, env):
    done = subprocess.run([str(w) for w in words], cwd=cwd, env=env, text=True,
                          capture_output=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise SystemExit(f"failed: {' '.join(map(str, words))}\n{done.stderr[:2000]}")
    return done.stdout


def digest(*paths):
    total = hashlib.sha256()
    for path in paths:
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def outputs(o, lto, folder, jobs=2, env=None, reversed=False):
    """The digest of each output of one way."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SHAPES, folder)
    (folder / "policy.yaml").write_text(POLICY)
    clean = {k: v for k, v in os.environ.items() if not k.startswith("SECTION_PLACEMENT_")}
    env = {**clean, "LC_ALL": "C", "TZ": "UTC", **(env or {}),
           "SECTION_PLACEMENT_POLICY": "policy.yaml"}
    for source in SOURCES:
        compiler = "clang++" if source.endswith(".cpp") else "clang"
        run([o.llvm / compiler, "-O2", "-w", f"-flto={lto}", f"-fpass-plugin={o.plugin}",
             "-c", source, "-o", source + ".o"], folder, env)
    objects = [source + ".o" for source in SOURCES]
    if reversed:
        objects.reverse()
    run([o.llvm / "clang++", f"--ld-path={o.llvm / 'ld.lld'}", *objects, "-o", "program",
         f"-Wl,--load-pass-plugin={o.plugin}", f"-Wl,--thinlto-jobs={jobs}",
         f"-Wl,--threads={jobs}"], folder, dict(env, SECTION_PLACEMENT_REPORT="report"))
    run([o.tool, "plan", "--policy", "policy.yaml", *objects, "-o", "plan.yaml",
         "--symbol-ordering-file=order.txt"], folder, env)
    run([o.tool, "report", "report", "--image", "program", "-o", "page.html"], folder, env)
    (folder / "summary.txt").write_text(run([o.tool, "report", "report"], folder, env))
    return {"image": digest(folder / "program"),
            "reports": digest(*sorted((folder / "report").iterdir())),
            "summary": digest(folder / "summary.txt"),
            "plan": digest(folder / "plan.yaml"),
            "order file": digest(folder / "order.txt"),
            "page": digest(folder / "page.html")}


def main():
    parser = argparse.ArgumentParser()
    for name in ("llvm", "plugin", "tool", "folder"):
        parser.add_argument("--" + name, type=pathlib.Path, required=True)
    parser.add_argument("--runs", type=int, default=10, help="of `again`")
    o = parser.parse_args()
    for name in ("llvm", "plugin", "tool", "folder"):
        setattr(o, name, getattr(o, name).absolute())
    wrong, compared = 0, 0
    print("| LTO | what differs | runs | " +
          " | ".join(["image", "reports", "summary", "plan", "order file", "page"]) + " |")
    print("| --- | --- | --- |" + " --- |" * 6)
    for lto in ("thin", "full"):
        first = outputs(o, lto, o.folder / "first")
        for name, way in WAYS.items():
            runs = max(o.runs - 1, 1) if name == "again" else 1
            others = [outputs(o, lto, o.folder / way.get("folder", "first"),
                              **{k: v for k, v in way.items() if k != "folder"})
                      for _ in range(runs)]
            said = []
            for what, value in first.items():
                if way.get("reversed") and what in ORDERED[lto]:
                    said.append("not compared")
                    continue
                same = all(other[what] == value for other in others)
                said.append("same" if same else "DIFFERS")
                wrong += not same
                compared += runs
            print(f"| {lto} | {name} | {runs} | " + " | ".join(said) + " |", flush=True)
    print(f"{compared} outputs compared, {wrong} kinds differ")
    return 1 if wrong or not compared else 0


if __name__ == "__main__":
    raise SystemExit(main())
