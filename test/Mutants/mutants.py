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
import re
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


def stale():
    """Those that the tree has moved on from: each text stands once in its file."""
    return [(name, old) for name, old, _ in mutants()
            if not (TREE / name).is_file() or (TREE / name).read_text().count(old) != 1]


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
        self.build = pathlib.Path("build/llvm-22")  # Seen from the tree.
        self.jobs = f"-j{options.jobs}"
        self.fails_anyway = {}  # By room.

    def run(self, *command, limit=900):
        try:
            return subprocess.run([str(word) for word in command], cwd=self.tree, timeout=limit,
                                  stdin=subprocess.DEVNULL, capture_output=True).returncode == 0
        except subprocess.TimeoutExpired:
            return False

    def compile(self):
        return self.run("ninja", self.jobs, "-C", self.build, "SectionPlacement", "section-placement",
                        "SectionPlacementTests")

    def prepare(self):
        copy_tree(self.tree)
        llvm = subprocess.run([self.options.llvm / "llvm-config", "--cmakedir"], check=True,
                              capture_output=True, text=True).stdout.strip()
        if not self.run("cmake", "-G", "Ninja", "-S", ".", "-B", self.build, f"-DLLVM_DIR={llvm}",
                        "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_CXX_FLAGS_RELEASE=-O0",
                        "-DSECTION_PLACEMENT_TESTS=ON", *self.options.cmake) or not self.compile():
            raise SystemExit("mutants: the tree does not build")
        if not self.unit_tests():
            raise SystemExit("mutants: without a fault, the unit tests fail")

    def unit_tests(self):
        return self.run(self.build / "test/unittests/SectionPlacementTests", "--gtest_brief=1", limit=300)

    def failing(self, room, *options):
        """Which of the room's lit tests fail, but for those that do without a
        fault."""
        lit = next(p for p in (self.options.llvm / "lit", self.options.llvm.parent / "build/utils/lit/lit.py")
                   if p.exists())
        words = ["python3", lit, "-s", self.jobs, self.build / "test", f"--filter=:: ({MIRRORS[room]})/", *options]
        known = self.fails_anyway.get(room)
        if known:
            words.append("--filter-out=" + "|".join(map(re.escape, known)))
        done = subprocess.run(list(map(str, words)), cwd=self.tree, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True)
        return re.findall(r"^  section-placement :: (\S+)$", done.stdout, re.M) or (["lit"] if done.returncode else [])

    def find_failing(self, room):
        if room not in self.fails_anyway:
            self.compile()
            self.fails_anyway[room] = self.failing(room)
            for test in self.fails_anyway[room]:
                print(f"fails without a fault: {test}", file=sys.stderr, flush=True)

    def judge(self, mutant):
        name, old, new = mutant
        path = self.tree / name
        text = path.read_text() if path.exists() else ""
        if text.count(old) != 1:
            return "stale"
        room = path.relative_to(self.tree).parts[1]
        self.find_failing(room)
        path.write_text(text.replace(old, new))
        try:
            if not self.compile():
                return "does not build"
            if not self.unit_tests():
                return "killed by unit tests"
            return "killed by lit" if self.failing(room, "--max-failures=1") else "survived"
        finally:
            path.write_text(text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true", help="only say which faults are stale")
    parser.add_argument("--llvm", type=pathlib.Path)
    parser.add_argument("--folder", type=pathlib.Path)
    parser.add_argument("--jobs", default="1")
    parser.add_argument("--most", type=int, default=10**6, help="try no more than so many")
    parser.add_argument("cmake", nargs="*", help="options of cmake")
    options = parser.parse_args()
    if options.check:
        for name, old in stale():
            print(f"{name}: stands there not once: {old}")
        print(f"{len(mutants())} faults, {len(stale())} stale")
        return 1 if stale() else 0
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
