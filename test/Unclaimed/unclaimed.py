# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What no rule claims does not change, and what a rule claims moves as it is.

    unclaimed.py --llvm BIN --plugin SO [--folder F] [--programs P,...] [--lto L,...]
                 [--levels O0,...] [--link-flags NAME,...] [--sources FOLDER]

Each program is linked three ways:

  attribute  without the plugin; its source gives one function a section
  claims     with the plugin and a policy that claims that function
  places     with the plugin and a policy that only places, by several rules

`claims` must have the code of `attribute` in every function, and `places` that of
the program as it is. Code is compared in the objects that LTO makes, each
reference by what it refers to; of the images, the names and sizes of functions
and what the linker folded or dropped. The program runs and must print the same.

Prints a table and each difference; exits 1 where there is one.
"""

import argparse
import collections
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True  # Tests run this in the source tree.
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import functions  # noqa: E402
from programs import PROGRAMS  # noqa: E402

SECTION = ".text.placed"
CLAIMS = """version: 1
rules:
  - name: claims
    match: {{ function: ["{function}"] }}
    section: .text.placed
"""

# Flags that decide what becomes of functions beside ours: of the compile, of the
# link. Where equal functions become one, as `folds` says, two functions that a
# policy puts into two sections rightly stay two: `places` is not compared.
LinkFlags = collections.namedtuple("LinkFlags", "compile link folds")
MERGE = ["-mllvm", "-enable-merge-functions"]
LINK_FLAGS = {
    "none": LinkFlags([], [], False),
    "merge": LinkFlags(["-Xclang", "-fmerge-functions"], MERGE, True),
    "merge-at-link": LinkFlags([], MERGE, True),
    "outliner": LinkFlags([], ["-mllvm", "-enable-machine-outliner"], False),
    "split": LinkFlags([], ["-mllvm", "-hot-cold-split"], False),
    "icf-gc": LinkFlags([], ["--icf=all", "--gc-sections"], True),
    "gc": LinkFlags([], ["--gc-sections"], False),
}
# An assembler shortens a jump to a function of its own section, which two
# functions in two sections cannot have: no jump is shortened in either.
ALWAYS = ["-mllvm", "-mc-relax-all"]


def run(words, cwd, env=None):
    done = subprocess.run([str(w) for w in words], cwd=cwd, env=env, text=True,
                          capture_output=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise SystemExit(f"failed in {cwd}: {' '.join(map(str, words))}\n{done.stderr[:2000]}")
    return done.stdout


def environment(policy=None, **more):
    env = {k: v for k, v in os.environ.items() if not k.startswith("SECTION_PLACEMENT_")}
    env["LC_ALL"] = "C"
    if policy:
        env["SECTION_PLACEMENT_POLICY"] = str(policy)
    return dict(env, **more)


class Build:
    """One program at one level in one kind of LTO; objects are made once."""

    def __init__(self, options, program, lto, level):
        self.o, self.p, self.lto, self.level = options, program, lto, level
        self.top = options.folder / program.name
        self.plain, self.attribute = self.top / "plain", self.top / "attribute"

    def prepare(self):
        if (self.top / "prepared").exists():
            return
        for tree in (self.plain, self.attribute):
            shutil.rmtree(tree, ignore_errors=True)
            self.p.unpack(self.o, tree)
        file = self.attribute / self.p.claim.file
        text = file.read_text("utf-8")
        found = text.count(self.p.claim.definition)
        if found != 1:
            raise SystemExit(f"{file}: {found} times '{self.p.claim.definition}'")
        with_section = f'__attribute__((section("{SECTION}"))) '
        file.write_text(text.replace(self.p.claim.definition,
                                     with_section + self.p.claim.definition), "utf-8")
        (self.top / "prepared").touch()

    def compile(self, tree, name, flags, policy=None):
        """Objects of the tree's sources; `name` is the folder for them."""
        out = self.top / f"{name}.{self.lto}.{self.level}"
        out.mkdir(parents=True, exist_ok=True)
        with_plugin = [f"-fpass-plugin={self.o.plugin}"] if policy else []

        def one(source):
            object_ = out / (source.replace("/", "_") + ".o")
            compiler = "clang++" if source.endswith((".cc", ".cpp")) else "clang"
            if not object_.exists() or policy:
                run([self.o.llvm / compiler, "-w", f"-{self.level}", f"-flto={self.lto}",
                     *self.p.flags, *flags, *with_plugin, "-c", source, "-o", object_],
                    tree, environment(policy))
            return object_

        with concurrent.futures.ThreadPoolExecutor(self.o.jobs) as pool:
            return list(pool.map(one, self.p.sources(tree)))

    def link(self, objects, name, flags, policy=None):
        """An image with the objects that LTO made of it beside it."""
        out = self.top / f"{name}.{self.lto}.{self.level}.image"
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)
        with_plugin = [f"-Wl,--load-pass-plugin={self.o.plugin}"] if policy else []
        driver = "clang++" if self.p.is_cxx else "clang"
        words = [self.o.llvm / driver, f"--ld-path={self.o.llvm / 'ld.lld'}", *objects,
                 "-o", out / "program", f"-Wl,--lto-obj-path={out / 'lto'}",
                 f"-Wl,--thinlto-jobs={self.o.jobs}", *with_plugin,
                 *[f"-Wl,{f}" for f in [*ALWAYS, *flags]], *self.p.libraries]
        run(words, self.top, environment(policy))
        return out

    def made(self, image):
        """What LTO made, in the order of the link."""
        number = re.compile(r"(\d*)$")
        return sorted(image.glob("lto*"),
                      key=lambda p: (int(number.search(p.name).group(1) or -1), p.name))

    def compare(self, before, after, moved):
        compared, faults = functions.compare(self.made(before), self.made(after), moved)
        faults += functions.compare_images(before / "program", after / "program")
        if self.p.run:
            said = [run([part.replace("PROGRAM", str(image / "program")) for part in self.p.run],
                        self.plain) for image in (before, after)]
            if said[0] != said[1]:
                faults.append("the program prints something else")
        return compared, faults

    def rows(self, flag_names):
        self.prepare()
        claims, places = self.top / "claims.yaml", self.top / "places.yaml"
        claims.write_text(CLAIMS.format(function=self.o.claims or self.p.claim.function))
        places.write_text(self.p.places)
        for name in flag_names:
            flags = LINK_FLAGS[name]
            kind = "-merge" if flags.compile else ""
            plain = self.compile(self.plain, "plain" + kind, flags.compile)
            attribute = self.compile(self.attribute, "attribute" + kind, flags.compile)
            stamped = self.compile(self.plain, "stamped" + kind, flags.compile, claims)
            reference = self.link(attribute, "with-attribute", flags.link)
            as_it_is = None if flags.folds else self.link(plain, "as-it-is", flags.link)
            # Of a part that was split off the name says whose section it is in.
            is_claimed = re.compile(re.escape(self.p.claim.function) + r"\.").match
            ways = [("claims", reference, stamped, claims, is_claimed)]
            # What the compile has merged no plugin of the link takes apart.
            if not flags.compile:
                ways.append(("claims, at the link only", reference, plain, claims, is_claimed))
            if not flags.folds:
                ways.append(("places", as_it_is, plain, places, lambda name: True))
            for what, before, objects, policy, moved in ways:
                after = self.link(objects, "after", flags.link, policy)
                yield name, what, *self.compare(before, after, moved)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--llvm", type=pathlib.Path, required=True)
    parser.add_argument("--plugin", type=pathlib.Path, required=True)
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("unclaimed"))
    parser.add_argument("--sources", type=pathlib.Path)
    parser.add_argument("--programs", default="shapes")
    parser.add_argument("--lto", default="thin,full")
    parser.add_argument("--levels", default="O0,O1,O2,Os,Oz")
    parser.add_argument("--link-flags", default=",".join(LINK_FLAGS))
    parser.add_argument("--claims", help="what the policy claims, by default what has the attribute")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    options.folder = options.folder.absolute()
    options.plugin = options.plugin.absolute()
    rows, wrong = 0, 0
    print("| program | LTO | level | link | policy | functions | differences |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for program in options.programs.split(","):
        for lto in options.lto.split(","):
            for level in options.levels.split(","):
                build = Build(options, PROGRAMS[program], lto, level)
                for name, what, compared, faults in build.rows(options.link_flags.split(",")):
                    print(f"| {program} | {lto} | {level} | {name} | {what} | {compared} | "
                          f"{len(faults)} |", flush=True)
                    for fault in faults[:20]:
                        print(f"  {fault}", flush=True)
                    rows += 1
                    wrong += bool(faults) or not compared
    print(f"{rows} links, {wrong} with a difference")
    return 1 if wrong or not rows else 0


if __name__ == "__main__":
    raise SystemExit(main())
