"""The rules of the house that no compiler checks, each a command:

    house_rules.py RULE ROOT [ARGUMENT...]

prints one line for each breach in the tree ROOT and exits 1 if there is any.
Every rule is tried by its test on the real tree and on one that breaks it.
"""

import os
import pathlib
import re
import sys

LICENCE = "SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception"
COMPAT = "include/section-placement/Support/LLVMCompat.h"

# A room may include itself and those of smaller numbers.
ROOMS = {
    "Support": 0,
    "Model": 1,
    "Objects": 2,
    "Policy": 2,
    "Affinity": 3,
    "Asm": 3,
    "Decode": 3,
    "Link": 3,
    "IR": 4,
    "Import": 4,
    "Plan": 4,
    "Split": 4,
    "Annotate": 5,
    "Apply": 5,
    "Codegen": 5,
    "Explain": 5,
    "Isolate": 5,
    "PlanFile": 6,
    "Report": 6,
    "Suggest": 6,
    "Whole": 6,
    "Diff": 7,
    "Flags": 7,
    "Verify": 7,
    "Doctor": 8,
    "Pass": 8,
}
# Those that know nothing of LLVM IR.
PURE_ROOMS = ("Model", "Policy", "Affinity", "Plan")


def files(root, *suffixes):
    """The project's own files in a fixed order: no build folder, no .git."""
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in (".git", "__pycache__")]
        if folder == str(root):
            folders[:] = [name for name in folders if name != "build"]
        found += [pathlib.Path(folder, name) for name in names if name != ".git"]
    for path in sorted(found):
        relative = path.relative_to(root)
        if not path.is_file():
            continue
        if not suffixes or path.suffix in suffixes:
            yield path, relative


def read(path):
    return path.read_text(encoding="utf-8", errors="replace")


def sources(root):
    for path, relative in files(root, ".cpp", ".h"):
        if "Inputs" not in relative.parts:
            yield path, relative


def room_of(relative):
    """`Plan` for plugin/Plan/Plan.cpp; None for what is in no room."""
    parts = relative.parts
    if parts[0] == "plugin" and len(parts) > 2:
        return parts[1]
    if parts[:2] == ("include", "section-placement") and len(parts) > 3:
        return parts[2]
    return None


def includes(text):
    return re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', text, re.M)


def version_macros(root):
    """What differs between LLVM versions is asked in one header."""
    pattern = re.compile(r"LLVM_VERSION_(MAJOR|MINOR|PATCH)|__has_include")
    for path, relative in sources(root):
        if str(relative) == COMPAT:
            continue
        for number, line in enumerate(read(path).splitlines(), 1):
            if pattern.search(line):
                yield f"{relative}:{number}: asks for LLVM's version: {line.strip()}"
    if not pattern.search(read(root / COMPAT)):
        yield f"{COMPAT}: asks for no version: is this still the header?"


def one_way(root):
    """Includes point from later rooms to earlier ones, public headers to public
    ones."""
    private = [p for p in (root / "plugin").glob("*") if p.is_dir()]
    for path, relative in sources(root):
        here = room_of(relative)
        if here is None:
            continue
        if here not in ROOMS:
            yield f"{relative}: room '{here}' has no number in {pathlib.Path(__file__).name}"
            continue
        for included in includes(read(path)):
            if relative.parts[0] == "include" and any(
                (folder / included).is_file() for folder in private
            ):
                yield f"{relative}: a public header includes the private {included}"
            match = re.match(r"section-placement/(\w+)/", included)
            there = match and match.group(1)
            if not there or there == here:
                continue
            if ROOMS.get(there, 99) >= ROOMS[here]:
                yield f"{relative}: {here} includes {included}, which comes later"


def no_ir(root, llvm_include):
    """Between Model and Plan no header of llvm/IR is seen, however it comes."""
    folders = [root / "include", pathlib.Path(llvm_include)]
    known = {}

    def way_to_ir(path):
        """The includes that lead from path to llvm/IR, or None."""
        if path in known:
            return known[path]
        known[path] = None  # Cuts cycles.
        for included in includes(read(path)):
            if included.startswith("llvm/IR/"):
                known[path] = [included]
                break
            for folder in [path.parent, *folders]:
                if (folder / included).is_file():
                    way = way_to_ir(folder / included)
                    if way:
                        known[path] = [included, *way]
                    break
            if known[path]:
                break
        return known[path]

    if not (folders[1] / "llvm/IR/Function.h").is_file():
        yield f"{llvm_include}: has no llvm/IR: are these LLVM's headers?"
    seen = 0
    for path, relative in sources(root):
        if room_of(relative) in PURE_ROOMS:
            seen += 1
            way = way_to_ir(path)
            if way:
                yield f"{relative}: sees LLVM IR: {' -> '.join(way)}"
    if not seen:
        yield f"{root}: has no file in {', '.join(PURE_ROOMS)}"


def licence(root):
    """Each source file says under which licence it stands."""
    for path, relative in sources(root):
        if LICENCE not in "\n".join(read(path).splitlines()[:8]):
            yield f"{relative}: the licence header is missing"


def relocatable(root, *machine_folders):
    """No file names a folder of the machine that it was written on."""
    folders = [r"/(?:home|root|work|Users)/\w"]
    # A checkout in the root folder has a name that means anything.
    folders += [re.escape(f) + r"\b" for f in machine_folders if f.count("/") > 1]
    pattern = re.compile(r"(?<![\w.}%-])(?:" + "|".join(folders) + ")")
    for path, relative in files(root):
        for number, line in enumerate(read(path).splitlines(), 1):
            if pattern.search(line):
                yield f"{relative}:{number}: a path of one machine: {line.strip()}"


def behaviour_names(root):
    """A test is named after a behaviour, in words."""
    for path, relative in files(root, ".test", ".ll", ".s"):
        if relative.parts[0] != "test" or "Inputs" in relative.parts:
            continue
        name = path.stem
        if "-" not in name or re.match(r"(test|case|bug|issue|pr)?[-_]?\d", name):
            yield f"{relative}: does not say a behaviour"


RULES = {
    "version-macros": version_macros,
    "one-way": one_way,
    "no-ir": no_ir,
    "licence": licence,
    "relocatable": relocatable,
    "behaviour-names": behaviour_names,
}


def main():
    rule, root, *arguments = sys.argv[1:]
    breaches = list(RULES[rule](pathlib.Path(root), *arguments))
    for breach in breaches:
        print(breach)
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
