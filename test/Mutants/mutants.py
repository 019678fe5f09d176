# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Builds each fault of mutants.txt into a copy of the tree and runs the tests
that mirror its file: the unit tests, then lit's of its room. Prints which faults
no test noticed.

Each result is kept in the folder; started again, the command goes on. Survivors
are tried again, since a test may have come.
"""

import argparse
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys

TREE = pathlib.Path(__file__).resolve().parents[2]
# The folders of test/ whose tests show what a room says.
MIRRORS = {"Verify": "Verify", "Report": "Report|Why|EndToEnd", "Suggest": "Suggest",
           "Plan": "Plan|Affinity|IR|Link|Codegen|Explain", "Policy": "Policy|Check|Plan"}


def mutants():
    """Each as (file, text, its replacement)."""
    found, file = [], None
    for line in (pathlib.Path(__file__).parent / "mutants.txt").read_text().splitlines():
        if line.startswith("- "):
            old = line[2:]
        elif line.startswith("+ "):
            found.append((file, old, line[2:]))
        elif line and not line.startswith("#"):
            file = line
    return found


def copy_tree(folder):
    """Files that are as before keep their time, so that ninja leaves them."""
    for path in subprocess.run(["git", "ls-files", "-z"], cwd=TREE, check=True,
                               capture_output=True, text=True).stdout.split("\0"):
        source, target = TREE / path, folder / path
        if not source.is_file():
            continue
        if target.is_file() and target.read_bytes() == source.read_bytes():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


class Runner:
    def __init__(self, options):
        self.options, self.tree = options, options.folder / "tree"
        self.build = self.tree / "build/llvm"
        self.jobs = f"-j{options.jobs}"

    def run(self, *command, limit=900):
        try:
            return subprocess.run([str(word) for word in command], cwd=self.tree, timeout=limit,
                                  stdin=subprocess.DEVNULL, capture_output=True).returncode == 0
        except subprocess.TimeoutExpired:
            return False

    def compile(self):
        return self.run("ninja", self.jobs, "-C", self.build, "all")

    def prepare(self):
        copy_tree(self.tree)
        llvm = subprocess.run([self.options.llvm / "llvm-config", "--cmakedir"], check=True,
                              capture_output=True, text=True).stdout.strip()
        if not self.run("cmake", "-G", "Ninja", "-S", ".", "-B", self.build, f"-DLLVM_DIR={llvm}",
                        "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_CXX_FLAGS_RELEASE=-O0",
                        "-DSECTION_PLACEMENT_TESTS=ON", *self.options.cmake) or not self.compile():
            raise SystemExit("mutants: the tree does not build")

    def tests(self, room):
        """The first of the tests that fails; empty where all pass."""
        unit = self.build / "test/unittests/SectionPlacementTests"
        if not self.run(unit, "--gtest_brief=1", limit=300):
            return "unit tests"
        lit = next(p for p in (self.options.llvm / "lit", self.options.llvm.parent / "build/utils/lit/lit.py")
                   if p.exists())
        folders = [self.build / "test" / name for name in MIRRORS[room].split("|")]
        sources = [f for f in folders if (self.tree / "test" / f.name).is_dir()]
        return "" if self.run("python3", lit, "-s", "--max-failures=1", self.jobs, *sources) else "lit"

    def judge(self, mutant):
        name, old, new = mutant
        path = self.tree / name
        text = path.read_text() if path.exists() else ""
        if text.count(old) != 1:
            return "stale"
        path.write_text(text.replace(old, new))
        try:
            if not self.compile():
                return "does not build"
            killer = self.tests(pathlib.Path(name).parts[1])
            return "killed by " + killer if killer else "survived"
        finally:
            path.write_text(text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--llvm", type=pathlib.Path, required=True)
    parser.add_argument("--folder", type=pathlib.Path, required=True)
    parser.add_argument("--jobs", default="1")
    parser.add_argument("--most", type=int, default=10**6, help="try no more than so many")
    parser.add_argument("cmake", nargs="*", help="options of cmake")
    options = parser.parse_args()
    options.folder = options.folder.resolve()
    options.folder.mkdir(parents=True, exist_ok=True)
    store = options.folder / "results.json"
    results = json.loads(store.read_text()) if store.exists() else {}
    runner, tried, is_ready = Runner(options), 0, False
    rows = {}
    for mutant in mutants():
        key = hashlib.sha1("\0".join(mutant).encode()).hexdigest()
        if not results.get(key, "").startswith("killed") and tried < options.most:
            if not is_ready:
                runner.prepare()
                for room in {pathlib.Path(m[0]).parts[1] for m in mutants()}:
                    if killer := runner.tests(room):
                        raise SystemExit(f"mutants: without a fault, {killer} of {room} fail")
                is_ready = True
            tried += 1
            results[key] = runner.judge(mutant)
            store.write_text(json.dumps(results))
            print(f"{results[key]}: {mutant[0]}: {mutant[1].strip()}", file=sys.stderr, flush=True)
        rows.setdefault(pathlib.Path(mutant[0]).parts[1], []).append(results.get(key, "not tried"))
    print("| room | faults | killed by unit tests | killed by lit | survived | not tried |")
    print("| --- | --- | --- | --- | --- | --- |")
    everything = [result for row in rows.values() for result in row]
    for room, row in [*rows.items(), ("all", everything)]:
        print(f"| {room} | {len(row)} | {row.count('killed by unit tests')} | {row.count('killed by lit')} | "
              f"{row.count('survived')} | {row.count('not tried')} |")
    killed = sum(r.startswith("killed") for r in everything)
    known = killed + everything.count("survived")
    other = [r for r in everything if r in ("stale", "does not build")]
    print(f"{killed} of {known} killed ({100 * killed / max(known, 1):.1f} %, at least 90 %), "
          f"{len(other)} stale or not built")
    return 0 if known == len(everything) and killed >= 0.9 * known else 1


if __name__ == "__main__":
    sys.exit(main())
