# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random policies and flags on real programs: each must run as it does without
the plugin, or its link is refused by one of our errors, or its policy by `check`.

    chaos.py --llvm BIN --plugin SO --tool TOOL --sources FOLDER --folder F
             [--programs P,...] [--seeds FIRST-LAST] [--link-only]

Ten seeds in a row share one build, so that it is compiled once. What is done is
kept in the folder; started again, the command goes on. A failure prints its seed,
and the least policy and flags that still fail, which stand in failures/.
"""

import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "Unclaimed")]
import policies  # noqa: E402
from programs import PROGRAMS  # noqa: E402

LIMIT = 600  # Seconds of one link or check.
Done = collections.namedtuple("Done", "code out err")
# Of one try: everything that may be at fault.
Case = collections.namedtuple("Case", "lto level compile link at_compile policy")


def run(words, cwd, env=None):
    try:
        done = subprocess.run([str(w) for w in words], cwd=cwd, env=env, capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        return Done("timeout", b"", b"")
    return Done(done.returncode, done.stdout, done.stderr)


def environment(policy=None):
    env = {k: v for k, v in os.environ.items() if not k.startswith("SECTION_PLACEMENT_")}
    env.update(LC_ALL="C", ASAN_OPTIONS="detect_leaks=0")
    if policy:
        env["SECTION_PLACEMENT_POLICY"] = str(policy)
    return env


class BuildFailed(Exception):
    pass


class Chaos:
    def __init__(self, options, program):
        self.o, self.p = options, program
        self.top = options.folder / program.name
        self.tree = self.top / "tree"
        if not (self.top / "unpacked").exists():
            shutil.rmtree(self.tree, ignore_errors=True)
            self.top.mkdir(parents=True, exist_ok=True)
            program.unpack(options, self.tree)
            (self.top / "unpacked").touch()

    def compile(self, case, policy=None):
        """The objects of a build, made once without a policy."""
        words = [f"-flto={case.lto}", f"-{case.level}", *case.compile]
        out = self.top / ("objects." + hashlib.sha1(" ".join(words).encode()).hexdigest()[:12])
        if policy:
            out = self.top / "objects.policy"
            shutil.rmtree(out, ignore_errors=True)
            words.append(f"-fpass-plugin={self.o.plugin}")
        out.mkdir(exist_ok=True)

        def one(source):
            made = out / (source.replace("/", "_") + ".o")
            if made.exists():
                return made, None
            compiler = "clang++" if source.endswith((".cc", ".cpp")) else "clang"
            done = run([self.o.llvm / compiler, "-w", *words, *self.p.flags, "-c", source, "-o",
                        made.with_suffix(".new")], self.tree, environment(policy))
            if done.code == 0:
                made.with_suffix(".new").rename(made)
            return made, None if done.code == 0 else done

        with concurrent.futures.ThreadPoolExecutor(self.o.jobs) as pool:
            made = list(pool.map(one, self.p.sources(self.tree)))
        failed = [done for _, done in made if done]
        return [path for path, _ in made], failed[0] if failed else None

    def link(self, case, objects, image, policy=None):
        with_plugin = [f"-Wl,--load-pass-plugin={self.o.plugin}"] if policy else []
        sanitizers = [f for f in case.compile if f.startswith("-fsanitize")]
        driver = "clang++" if self.p.is_cxx else "clang"
        words = [self.o.llvm / driver, f"--ld-path={self.o.llvm / 'ld.lld'}", *objects, "-o", image,
                 f"-flto={case.lto}", f"-Wl,--thinlto-jobs={self.o.jobs}", *sanitizers, *with_plugin,
                 *[flag for group in case.link for flag in group], *self.p.libraries]
        return run(words, self.top, environment(policy))

    def check(self, image):
        """What the program's own quick check prints."""
        return run([part.replace("PROGRAM", str(image)) for part in self.p.run], self.tree, environment())

    def reference(self, case):
        """What the check says without the plugin."""
        objects, failed = self.compile(case)
        key = hashlib.sha1(json.dumps([case.lto, case.level, case.compile, case.link]).encode()).hexdigest()[:12]
        image = self.top / f"reference.{key}"
        if not image.exists():
            failed = failed or self.link(case, objects, image)
            if failed.code:
                raise BuildFailed(failed.err.decode(errors="replace")[:500])
        return image, self.check(image)

    def names(self, image):
        listed = run([self.o.llvm / "llvm-nm", "--defined-only", image], self.top).out.decode()
        found = collections.defaultdict(set)
        for line in listed.splitlines():
            words = line.split()
            if len(words) == 3 and not words[2].startswith(("_init", "_fini", "_start", "__")):
                found["functions" if words[1] in "tTwW" else "variables"].add(words[2].split(".")[0] or "x")
        return sorted(found["functions"]), sorted(found["variables"])

    def judge(self, case):
        """(`right`, `refused` or `wrong`, why)."""
        policy = self.top / "policy.yaml"
        # A rule is relative to the tree that it is about.
        policy.write_text(json.dumps({**case.policy, "root": str(self.tree)}, indent=1))
        checked = run([self.o.tool, "check", policy], self.top, environment())
        if checked.code not in (0, 1, 2):
            return "wrong", f"check ends with {checked.code}"
        if checked.code:
            return "refused", "by check: " + self.reason(checked.err)
        _, expected = self.reference(case)
        objects, failed = self.compile(case, policy if case.at_compile else None)
        image = self.top / "image"
        image.unlink(missing_ok=True)
        done = failed or self.link(case, objects, image, policy)
        if done.code:
            text = done.err.decode(errors="replace")
            is_ours = "rule '" in text or "section-placement" in text
            if done.code not in (1, "timeout") or "PLEASE submit" in text or not is_ours or "Stack dump" in text:
                return "wrong", f"the build fails ({done.code}): " + text[-400:]
            return "refused", "by the link: " + self.reason(done.err)
        said = self.check(image)
        if said != expected:
            return "wrong", f"the check ends with {said.code} and says {said.out[-200:]} {said.err[-200:]}"
        if "-g" in case.compile:
            verified = run([self.o.llvm / "llvm-dwarfdump", "--verify", image], self.top)
            if verified.code and not run([self.o.llvm / "llvm-dwarfdump", "--verify", self.reference(case)[0]],
                                         self.top).code:
                return "wrong", "llvm-dwarfdump --verify finds faults"
        return "right", ""

    @staticmethod
    def reason(text):
        """The first error, without what is of this policy."""
        lines = [line for line in text.decode(errors="replace").splitlines() if "error" in line] or [""]
        line = re.sub(r"'[^']*'", "'…'", lines[0].split("error:")[-1].strip())
        return re.sub(r"\d+|/\S+", "N", line)[:120]

    def case(self, seed):
        lto, level, flags = policies.build_flags(seed // 10)
        case = Case(lto, level, flags, policies.link_flags(seed), False, None)
        image, _ = self.reference(case)
        maker = policies.PolicyMaker(seed, *self.names(image), self.p.sources(self.tree))
        return case._replace(policy=maker.policy(), 
                             at_compile=maker.acts_at_compile() and not self.o.link_only)

    def shrink(self, case, why):
        def still_fails(smaller):
            try:
                return self.judge(smaller)[0] == "wrong"
            except BuildFailed:
                return False
        done = False
        while not done:
            done = True
            tries = [case._replace(policy=p) for p in policies.smaller(case.policy)]
            if case.at_compile:
                tries.append(case._replace(at_compile=False))
            tries += [case._replace(link=case.link[:i] + case.link[i + 1:]) for i in range(len(case.link))]
            tries += [case._replace(compile=case.compile[:i] + case.compile[i + 1:]) for i in range(len(case.compile))]
            for smaller in tries:
                if still_fails(smaller):
                    case, done = smaller, False
                    break
        return case

    def try_seed(self, seed):
        try:
            case = self.case(seed)
            verdict, why = self.judge(case)
        except BuildFailed as failed:
            return {"verdict": "not tried", "why": str(failed)}
        if verdict == "wrong":
            case = self.shrink(case, why)
            why = self.judge(case)[1] or why
            folder = self.o.folder / "failures"
            folder.mkdir(exist_ok=True)
            (folder / f"{self.p.name}-{seed}.json").write_text(json.dumps(case._asdict(), indent=1))
            print(f"{self.p.name}, seed {seed}: {why}\n{json.dumps(case._asdict())}", file=sys.stderr, flush=True)
        return {"verdict": verdict, "why": why, "lto": case.lto}


def main():
    parser = argparse.ArgumentParser()
    for name in ("llvm", "plugin", "tool", "sources", "folder"):
        parser.add_argument("--" + name, type=pathlib.Path, required=True)
    parser.add_argument("--programs", default="lua,zstd,leveldb")
    parser.add_argument("--seeds", default="1-100")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--link-only", action="store_true", help="no policy in any compile: faster")
    options = parser.parse_args()
    for name in ("llvm", "plugin", "tool", "sources", "folder"):
        setattr(options, name, getattr(options, name).absolute())
    options.folder.mkdir(parents=True, exist_ok=True)
    first, last = map(int, options.seeds.split("-"))
    store = options.folder / "results.json"
    results = json.loads(store.read_text()) if store.exists() else {}
    for name in options.programs.split(","):
        chaos = Chaos(options, PROGRAMS[name])
        for seed in range(first, last + 1):
            key = f"{name} {seed}"
            # A failure is tried again: it may be mended.
            if results.get(key, {}).get("verdict") in ("right", "refused"):
                continue
            results[key] = chaos.try_seed(seed)
            store.write_text(json.dumps(results, indent=0))
    verdicts = ("right", "refused", "wrong", "not tried")
    print("| program | policies | right | refused | wrong | not tried |")
    print("| --- | --- | --- | --- | --- | --- |")
    everything, asked = [], range(first, last + 1)
    for name in [*options.programs.split(","), "all"]:
        row = [results[f"{name} {seed}"] for seed in asked] if name != "all" else everything
        everything += row if name != "all" else []
        counts = [sum(r["verdict"] == v for r in row) for v in verdicts]
        print(f"| {name} | {len(row)} | " + " | ".join(map(str, counts)) + " |")
    print("\n| refused | policies |\n| --- | --- |")
    for why, count in collections.Counter(r["why"] for r in everything if r["verdict"] == "refused").most_common():
        print(f"| {why} | {count} |")
    wrong = sum(r["verdict"] == "wrong" for r in everything)
    untried = sum(r["verdict"] == "not tried" for r in everything)
    print(f"\n{len(everything)} policies, {wrong} wrong")
    return 1 if wrong or untried else 0


if __name__ == "__main__":
    sys.exit(main())
