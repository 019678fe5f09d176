# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random policies and flags on real programs: each passes its own tests exactly as
without the plugin, or its link is refused by one of our errors, or its policy by
`check`.

    chaos.py --llvm BIN --plugin SO --tool TOOL --sources FOLDER --folder F
             [--programs P,...] [--seeds FIRST-LAST] [--target x86-64|aarch64]
             [--again FOLDER]

Ten seeds in a row share one build, so that it is compiled once, and five of them
their flags of the link. Each try ends with the program's quick check, one in
twenty with its whole suite. Where a policy only places, the code that LTO made is
compared with that without the plugin, function by function.

What is done is kept in the folder; started again, the command goes on. A failure
prints its seed, and the least policy and flags that still fail, which stand in
failures/. Those that were found once stand in test/Chaos/found; --again tries them.
"""

import argparse
import collections
import hashlib
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "Unclaimed")]
import functions  # noqa: E402
import policies  # noqa: E402
from programs import PROGRAMS  # noqa: E402

LIMIT = 1800  # Seconds of one build or suite.
SUITE_EACH = 20
Target = collections.namedtuple("Target", "flags emulator")
TARGETS = {"x86-64": Target([], None),
           "aarch64": Target(["--target=aarch64-linux-gnu"], "qemu-aarch64 -L /usr/aarch64-linux-gnu")}

Done = collections.namedtuple("Done", "code out err")
# Of one try, everything that may be at fault. `stamped`: its objects say which source
# they are of; `at_compile`: they were made with the policy itself.
Case = collections.namedtuple("Case", "lto level compile link stamped at_compile policy")
# What a build without the plugin does.
Reference = collections.namedtuple("Reference", "quick functions variables sources objects is_dwarf_good")


class BuildFailed(Exception):
    pass


def digest(what):
    return hashlib.sha1(json.dumps(what).encode()).hexdigest()[:12]


class Chaos:
    def __init__(self, options, program):
        self.o, self.p, self.target = options, program, TARGETS[options.target]
        name = program.name + ("" if options.target == "x86-64" else "-" + options.target)
        self.name, self.top = name, options.folder / name
        self.tree, self.settings = self.top / "tree", self.top / "settings.json"
        self.built, self.references = None, {}
        self.made_by = self.top / "program.json"
        if not self.made_by.exists() or self.made_by.read_text() != json.dumps(program):
            self.prepare()

    # The tree, and commands in it.

    def run(self, command, policy=None):
        env = {k: v for k, v in os.environ.items() if not k.startswith("SECTION_PLACEMENT_")}
        tools = {name: str(self.o.llvm / f"llvm-{name.lower()}") for name in ("AR", "RANLIB", "NM")}
        env.update(tools, CC=str(self.top / "bin/cc"), CXX=str(self.top / "bin/c++"), JOBS=str(self.o.jobs),
                   LC_ALL="C", ASAN_OPTIONS="detect_leaks=0", LLVM_PROFILE_FILE=str(self.top / "raw/%p"))
        if policy:
            env["SECTION_PLACEMENT_POLICY"] = str(policy)
        words = ["bash", "-o", "pipefail", "-ec", command] if isinstance(command, str) else [str(w) for w in command]
        process = subprocess.Popen(words, cwd=self.tree, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, start_new_session=True)
        try:
            out, err = process.communicate(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # All that it has started.
            process.communicate()
            return Done("timeout", b"", b"")
        return Done(process.returncode, out, err)

    def write_settings(self, compile=(), link=(), plugin_compile=(), objects=None):
        if objects:
            shutil.rmtree(objects, ignore_errors=True)
            objects.mkdir(parents=True)
        self.settings.write_text(json.dumps({
            "bin": str(self.o.llvm), "tree": str(self.tree), "target": self.target.flags,
            "emulator": self.target.emulator, "sources": str(self.top / "sources"), "compile": list(compile),
            "link": list(link), "plugin_compile": list(plugin_compile), "objects": objects and str(objects)}))

    def prepare(self):
        """The tree as its configuration leaves it, in configured/."""
        shutil.rmtree(self.top, ignore_errors=True)
        (self.top / "bin").mkdir(parents=True)
        (self.top / "raw").mkdir()
        for name, compiler in (("cc", "clang"), ("c++", "clang++")):
            script = self.top / "bin" / name
            words = shlex.join(["python3", "-S", str(HERE / "driver.py"), str(self.settings), compiler])
            script.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
            script.chmod(0o755)
        if self.p.package:
            found = sorted(p for p in self.o.sources.glob(self.p.package + "-*") if p.is_dir())
            if not found:
                raise SystemExit(f"{self.o.sources} has no source package {self.p.package}")
            shutil.copytree(found[0], self.tree, symlinks=True)
        else:
            shutil.copytree(HERE.parent / "Unclaimed/Inputs" / self.p.name, self.tree)
        # Patches make some files of autotools look old.
        for path in self.tree.rglob("*"):
            if not path.is_symlink():
                os.utime(path, (10**9, 10**9))
        self.write_settings()
        done = self.run(self.p.configure)
        if done.code:
            raise SystemExit(f"{self.name}: its configuration fails\n" + self.tail(done))
        self.save("configured")
        self.made_by.write_text(json.dumps(self.p))

    def save(self, name):
        shutil.rmtree(self.top / name, ignore_errors=True)
        subprocess.run(["cp", "-a", self.tree, self.top / "new"], check=True)
        (self.top / "new").rename(self.top / name)

    def restore(self, name):
        shutil.rmtree(self.tree, ignore_errors=True)
        subprocess.run(["cp", "-a", self.top / name, self.tree], check=True)

    @staticmethod
    def tail(done):
        return (done.out[-400:] + done.err[-1600:]).decode(errors="replace")

    # Builds.

    def compile_flags(self, case):
        profile = self.top / "profile"
        if any("PROFILE" in flag for flag in case.compile) and not profile.exists():
            self.collect(profile)
        return [f"-flto={case.lto}", f"-{case.level}", *[f.replace("PROFILE", str(profile)) for f in case.compile]]

    def collect(self, profile):
        """What the quick check runs, for -fprofile-use."""
        self.restore("configured")
        self.built = None
        self.write_settings(["-fprofile-instr-generate", "-O1"])
        if self.run(self.p.build).code or self.run(self.p.quick).code:
            raise BuildFailed("no profile could be collected")
        raw = sorted((self.top / "raw").iterdir())
        self.run([self.o.llvm / "llvm-profdata", "merge", "-o", profile, *raw])
        for file in raw:
            file.unlink()

    def link_flags(self, case):
        # In its own section a function can have no short jump to another: none is
        # shortened, with or without.
        return [f"-flto={case.lto}", f"-Wl,--thinlto-jobs={self.o.jobs}", "-Wl,-mllvm,-mc-relax-all",
                *[flag for group in case.link for flag in group]]

    def image(self):
        path = self.tree / self.p.images[0]
        libtool = path.parent / ".libs" / path.name
        emulated = [p.with_name(p.name + ".elf") for p in (libtool, path)]
        return next(p for p in (*emulated, libtool, path) if p.exists())

    def link_again(self, case, policy=None, objects=None):
        """Removes the images and lets the program's own build make them again."""
        for pattern in self.p.images:
            for path in self.tree.glob(pattern):
                path.unlink()
        plugin = [f"-Wl,--load-pass-plugin={self.o.plugin}"] if policy else []
        # Some compile a file in the command that links.
        at_compile = [f"-fpass-plugin={self.o.plugin}"] if policy and case.stamped else []
        self.write_settings(self.compile_flags(case), [*self.link_flags(case), *plugin], at_compile, objects)
        return self.run(self.p.build, policy)

    def build(self, case):
        """Everything but the plugin, in built/: made once for all that share it."""
        key = digest([case.lto, case.level, case.compile, case.stamped])
        if self.built == key:
            return
        flags, stamp = self.compile_flags(case), self.top / "stamp.yaml"
        # It asks for sources and claims nothing.
        stamp.write_text(json.dumps({"version": 1, "root": str(self.tree), "rules": [
            {"name": "stamp", "optional": True, "match": {"source": ["none.c"]}, "section": ".text.none"}]}))
        self.restore("configured")
        self.write_settings(flags, self.link_flags(case._replace(link=[])),
                            [f"-fpass-plugin={self.o.plugin}"] if case.stamped else [])
        (self.top / "sources").write_text("")
        done = self.run(self.p.build, stamp if case.stamped else None)
        if done.code:
            raise BuildFailed(self.tail(done))
        self.save("built")
        self.built = key

    def reference(self, case):
        key = digest([case.lto, case.level, case.compile, case.link, case.stamped])
        if key not in self.references:
            self.build(case)
            self.restore("built")
            objects = self.top / f"objects.{key}"
            done = self.link_again(case, objects=objects)
            if done.code:
                raise BuildFailed(self.tail(done))
            names = collections.defaultdict(set)
            listed = self.run([self.o.llvm / "llvm-nm", "--defined-only", self.image()]).out.decode(errors="replace")
            for line in listed.splitlines():
                words = line.split()
                if len(words) == 3 and not words[2].startswith(("_init", "_fini", "_start", "__")):
                    names[words[1] in "tTwW"].add(words[2].split(".")[0] or "x")
            sources = {s for s in (self.top / "sources").read_text().splitlines() if not s.startswith("..")}
            for folder in self.top.glob("objects.*"):
                if folder.name not in (objects.name, "objects.policy"):
                    shutil.rmtree(folder)
            quick = self.run(self.p.quick)
            if quick.code:
                raise BuildFailed("without the plugin, its check fails\n" + self.tail(quick))
            if not any(objects.iterdir()):
                raise BuildFailed("LTO made no object")
            self.references.clear()  # One at a time: they come in a row.
            self.references[key] = Reference(
                quick, sorted(names[True]), sorted(names[False]), sorted(sources), objects,
                "-g" in case.compile and self.dwarf_is_good())
        return self.references[key]

    def dwarf_is_good(self):
        return not self.run([self.o.llvm / "llvm-dwarfdump", "--verify", self.image()]).code

    def suite(self):
        """Its exit code, and what its lines say of how its tests went."""
        done = self.run(self.p.suite)
        lines = (done.out + done.err).decode(errors="replace").splitlines()
        found = (re.search(self.p.verdicts, line) for line in lines)
        return done.code, sorted(f[0] for f in found if f)

    # One try.

    def judge(self, case, with_suite=False):
        """(`right`, `refused` or `wrong`, why, functions compared, tests run)."""
        policy = self.top / "policy.yaml"
        # A rule is relative to the tree that it is about.
        policy.write_text(json.dumps({**case.policy, "root": str(self.tree)}, indent=1))
        checked = self.run([self.o.tool, "check", policy])
        if checked.code not in (0, 1, 2):
            return "wrong", f"check ends with {checked.code}", 0, 0
        if checked.code:
            return "refused", "by check: " + self.reason(checked.err), 0, 0
        expected = self.reference(case)
        expected_suite = None
        if with_suite:
            self.build(case)
            self.restore("built")
            if self.link_again(case).code:
                raise BuildFailed("it links no more")
            expected_suite = self.suite()
            if expected_suite[0] == "timeout" or not expected_suite[1]:
                raise BuildFailed(f"without the plugin, its suite ends with {expected_suite[0]} and says nothing")
        compares = policies.only_places(case.policy) and not case.at_compile and not \
            any("merge-functions" in flag for group in case.link for flag in group)
        if case.at_compile:
            self.restore("configured")
            self.write_settings(self.compile_flags(case),
                                [*self.link_flags(case), f"-Wl,--load-pass-plugin={self.o.plugin}"],
                                [f"-fpass-plugin={self.o.plugin}"])
            done = self.run(self.p.build, policy)
        else:
            self.build(case)
            self.restore("built")
            done = self.link_again(case, policy, self.top / "objects.policy" if compares else None)
        if done.code:
            if done.code == "timeout" or not self.is_refusal(done.err):
                return "wrong", f"the build fails ({done.code}): " + self.tail(done), 0, 0
            return "refused", "by the link: " + self.reason(done.err), 0, 0
        if b"Request ignored" in done.err:
            return "wrong", "the plugin was not loaded", 0, 0
        said = self.run(self.p.quick)
        if said != expected.quick:
            return "wrong", f"the check ends with {said.code} and says {said.out[-200:]} {said.err[-200:]}", 0, 0
        if expected.is_dwarf_good and not self.dwarf_is_good():
            return "wrong", "llvm-dwarfdump --verify finds faults", 0, 0
        compared = 0
        if compares:
            compared, faults = self.compare(expected.objects, self.top / "objects.policy")
            if faults or not compared:
                return "wrong", "other code: " + ("; ".join(faults[:3]) or "no function"), compared, 0
        tests = 0
        if expected_suite:
            suite, tests = self.suite(), len(expected_suite[1])
            if suite != expected_suite:
                differs = sorted(set(suite[1]) ^ set(expected_suite[1]))
                return "wrong", f"its suite ends with {suite[0]}, not {expected_suite[0]}: {differs[:5]}", compared, tests
        return "right", "", compared, tests

    @staticmethod
    def compare(before, after):
        def natural(path):
            return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", path.name)]
        files = [sorted((p for p in folder.iterdir() if p.stat().st_size), key=natural) for folder in (before, after)]
        if [p.name for p in files[0]] != [p.name for p in files[1]]:
            return 0, ["LTO made other objects"]
        return functions.compare(*files)

    @staticmethod
    def errors(text):
        """What compilers and linkers call errors, but for what follows from one."""
        lines = [line for line in text.decode(errors="replace").splitlines() if re.search(r"\berror: ", line)]
        return [line.split("error: ", 1)[1] for line in lines if "linker command failed" not in line]

    @classmethod
    def is_refusal(cls, text):
        """Is each error one of ours, and was nothing killed?"""
        errors = cls.errors(text)
        was_killed = re.search(rb"LLVM ERROR|PLEASE submit|due to signal|Killed|Assertion|Segmentation", text)
        return bool(errors) and not was_killed and all(e.startswith("section-placement: ") for e in errors)

    @classmethod
    def reason(cls, text):
        """The first error, without what is of this policy."""
        line = re.sub(r"'[^']*'", "'…'", (cls.errors(text) or [""])[0])
        return re.sub(r"\d+|/\S+", "N", line)[:160]

    def case(self, seed):
        lto, level, flags, stamped = policies.build_flags(seed // 10, self.o.target)
        case = Case(lto, level, flags, policies.link_flags(seed // 5), stamped, False, None)
        known = self.reference(case)
        maker = policies.PolicyMaker(seed, known.functions, known.variables, known.sources if stamped else [])
        policy = maker.policy()
        return case._replace(policy=policy, at_compile=maker.acts_at_compile() or
                             stamped and policies.needs_the_compile(policy))

    def shrink(self, case, with_suite):
        def still_fails(smaller):
            try:
                return self.judge(smaller, with_suite)[0] == "wrong"
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
        with_suite = bool(self.p.suite) and seed % SUITE_EACH == 0
        try:
            case = self.case(seed)
            verdict, why, compared, tests = self.judge(case, with_suite)
        except BuildFailed as failed:
            return {"verdict": "not tried", "why": str(failed)}
        if verdict == "wrong":
            print(f"{self.name}, seed {seed}: {why}", file=sys.stderr, flush=True)
            suite_fails = why.startswith("its suite")
            case = self.shrink(case, suite_fails)
            why = self.judge(case, suite_fails)[1] or why
            folder = self.o.folder / "failures"
            folder.mkdir(exist_ok=True)
            (folder / f"{self.name}-{seed}.json").write_text(
                json.dumps({"program": self.p.name, "target": self.o.target, "expected": "right", **case._asdict()},
                           indent=1))
            print(f"{self.name}, seed {seed}: {why}\n{json.dumps(case._asdict())}", file=sys.stderr, flush=True)
        return {"verdict": verdict, "why": why, "compared": compared, "tests": tests}


def try_again(options):
    """The cases that were found once, each for its program: `expected` is how its
    verdict and its reason begin."""
    cases = sorted(options.again.glob("*.json"))
    others = 0
    for path in cases:
        found = json.loads(path.read_text())
        options.target, expected = found.pop("target"), found.pop("expected")
        chaos = Chaos(options, PROGRAMS[found.pop("program")])
        verdict, why, *_ = chaos.judge(Case(**found))
        print(f"{path.stem}: {verdict} {why}")
        others += not f"{verdict} {why}".startswith(expected)
    return 1 if others or not cases else 0


def print_tables(results, names, asked):
    verdicts = ("right", "refused", "wrong", "not tried")
    print("| program | policies | right | refused | wrong | not tried | suites | tests in them | functions compared |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    everything = []
    for name in [*names, "all"]:
        row = [results[f"{name} {seed}"] for seed in asked] if name != "all" else everything
        everything += row if name != "all" else []
        counts = [sum(r["verdict"] == v for r in row) for v in verdicts]
        counts += [sum(bool(r.get("tests")) for r in row), sum(r.get("tests", 0) for r in row),
                   sum(r.get("compared", 0) for r in row)]
        print(f"| {name} | {len(row)} | " + " | ".join(map(str, counts)) + " |")
    print("\n| refused | policies |\n| --- | --- |")
    for why, count in collections.Counter(r["why"] for r in everything if r["verdict"] == "refused").most_common():
        print(f"| {why} | {count} |")
    wrong = sum(r["verdict"] == "wrong" for r in everything)
    untried = sum(r["verdict"] == "not tried" for r in everything)
    print(f"\n{len(everything)} policies, {wrong} wrong")
    return 1 if wrong or untried else 0


def main():
    parser = argparse.ArgumentParser()
    for name in ("llvm", "plugin", "tool", "sources", "folder"):
        parser.add_argument("--" + name, type=pathlib.Path, required=True)
    parser.add_argument("--programs", default=",".join(PROGRAMS))
    parser.add_argument("--seeds", default="1-100")
    parser.add_argument("--target", default="x86-64", choices=TARGETS)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--again", type=pathlib.Path)
    options = parser.parse_args()
    for name in ("llvm", "plugin", "tool", "sources", "folder"):
        setattr(options, name, getattr(options, name).absolute())
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.again:
        return try_again(options)
    first, last = map(int, options.seeds.split("-"))
    results, store, names = {}, options.folder / "results.json", []
    version = hashlib.sha1(b"".join(p.read_bytes() for p in [
        options.plugin, options.tool, pathlib.Path(functions.__file__), *sorted(HERE.glob("*.py"))])).hexdigest()
    if store.exists():
        kept = json.loads(store.read_text())
        # Those of another plugin, or by another maker, say nothing of this one.
        results = {k: v for k, v in kept.items() if v["version"] == version}
        if len(kept) > len(results):
            print(f"{len(kept) - len(results)} earlier results are of another build and not counted", file=sys.stderr)
    for program in options.programs.split(","):
        chaos = Chaos(options, PROGRAMS[program])
        names.append(chaos.name)
        for seed in range(first, last + 1):
            key = f"{chaos.name} {seed}"
            # A failure is tried again: it may be mended.
            if results.get(key, {}).get("verdict") in ("right", "refused"):
                continue
            results[key] = {**chaos.try_seed(seed), "version": version}
            store.write_text(json.dumps(results, indent=0))
    return print_tables(results, names, range(first, last + 1))


if __name__ == "__main__":
    sys.exit(main())
