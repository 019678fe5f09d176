# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares the four builds that bench/opt-out-fidelity made, and prints a table.

    fidelity.py LLVM_BIN FOLDER DIRECTORY

Instructions are compared function by function as llvm-objdump prints them, with
what a place decides taken out: addresses, padding, and which anonymous constant
(literal pool, jump table, string) is loaded, of which only the kind is compared.
What was inlined is read from the debug locations of the IR before
code generation: a scope whose subprogram is of another compile unit came across
a line. Exits 1 where what is required of (ii) does not hold.
"""

import collections
import pathlib
import re
import subprocess
import sys

REQUIRED = 0.99


def run(*command):
    return subprocess.run(
        [str(word) for word in command], check=True, capture_output=True, text=True
    ).stdout


def base(name):
    """A local's name without the number that a full-LTO merge gave it."""
    return re.sub(r"\.\d+$", "", name)


class Code:
    """The functions of an object: name -> bodies, each a tuple of lines."""

    UNSPLIT = (".text", ".text.unlikely.", ".text.hot.")
    INSTRUCTION = re.compile(r"^\s+([0-9a-f]+):\s+(\S.*)$")
    RELOCATION = re.compile(r"^\s+([0-9a-f]{8,16}):\s+(R_\S+)\s+(\S+)$")
    HEAD = re.compile(r"^[0-9a-f]+ <(.*)>:$")
    TARGET = re.compile(r"0x([0-9a-f]+) <([^>+]*)(\+0x[0-9a-f]+)?>")

    def __init__(self, llvm, path):
        self.bodies = collections.defaultdict(list)
        self.unsplit = collections.defaultdict(list)  # Those in UNSPLIT only.
        self.starts = self.read_starts(run(llvm / "llvm-readelf", "-sSW", path))
        self.read(run(llvm / "llvm-objdump", "-dr", "--no-show-raw-insn", path))

    def read_starts(self, text):
        """(section's name, offset) -> function."""
        names = dict(re.findall(r"^\s+\[\s*(\d+)\] (\S+)", text, re.M))
        starts = {}
        for value, index, name in re.findall(
            r": ([0-9a-f]+)\s+\S+ FUNC\s+\S+\s+\S+\s+(\d+) (\S+)$", text, re.M
        ):
            starts[names[index], int(value, 16)] = base(name)
        return starts

    def read(self, text):
        name, section, lines = None, None, []
        for line in text.splitlines():
            head = self.HEAD.match(line)
            start = re.match(r"Disassembly of section (.*):", line)
            if head or start:
                self.finish(name, section, lines)
                name, lines = (head.group(1) if head else None), []
                section = start.group(1) if start else section
            elif name is not None:
                lines.append(line)
        self.finish(name, section, lines)

    def finish(self, name, section, lines):
        if name is None:
            return
        found = []  # [address, text, relocation]
        for line in lines:
            relocation = self.RELOCATION.match(line)
            instruction = self.INSTRUCTION.match(line)
            if relocation and found:
                found[-1][2].append(self.symbol(*relocation.groups()[1:]))
            elif instruction:
                text = instruction.group(2).split("#")[0].strip()
                found.append([int(instruction.group(1), 16), text, []])
        found = [f for f in found if not re.search(r"\bnop|^int3|^data16$", f[1])]
        places = [f[0] for f in found]
        body = tuple(self.normal(f, base(name), places) for f in found)
        self.bodies[base(name)].append(body)
        if section in self.UNSPLIT:
            self.unsplit[base(name)].append(body)

    def symbol(self, kind, target):
        """What a relocation refers to, wherever it lies."""
        match = re.match(r"(.*?)([-+]0x[0-9a-f]+)?$", target)
        name, offset = match.group(1), int(match.group(2) or "0", 16)
        if re.match(r"\.text", name):
            for start in (offset, offset + 4):
                if (name, start) in self.starts:
                    return f"{kind} {self.starts[name, start]}"
        if re.match(r"\.L|\.rodata(\.str|\.cst|$)", name):
            # A constant pool's and a jump table's label has numbers of its own.
            return f"{kind} {re.sub('[0-9._]+$', '', name)}"
        # Data of one name, by its section or by its symbol.
        name = re.sub(r"^\.(rodata|data\.rel\.ro|data|bss)\.", "", name)
        return f"{kind} {base(name)}{match.group(2) or ''}"

    def normal(self, instruction, name, places):
        _, text, relocations = instruction

        def target(match):
            place, symbol = int(match.group(1), 16), base(match.group(2))
            if relocations:
                return "?"
            if symbol != name:
                return symbol + (match.group(3) or "")
            return f"#{sum(p < place for p in places)}"

        text = re.sub(r"\s+", " ", self.TARGET.sub(target, text))
        if text.startswith("call") or text.startswith("jmp"):
            # A call inside one section has no relocation.
            known = re.match(r"(\w+) \?$", text)
            if known and relocations:
                text = known.group(1) + " " + relocations[0].split()[1]
                return re.sub(r"-0x4$", "", text)
        return " ; ".join([text, *relocations])


class Module:
    """What the IR before code generation says: signatures, and inlining."""

    NODE = re.compile(r"^!(\d+) = (?:distinct )?!(DI\w+)\((.*)\)$", re.M)
    DEFINE = re.compile(r'^define .*?@("[^"]*"|[\w.$-]+)\((.*)\).*\{$')

    def __init__(self, llvm, path, is_apart):
        text = run(llvm / "llvm-dis", path, "-o", "-")
        self.nodes = {n: (kind, rest) for n, kind, rest in self.NODE.findall(text)}
        self.is_apart = is_apart  # Of a source file's path.
        self.signatures = collections.defaultdict(list)
        self.crossed = set()  # (caller, callee)
        name, unit = None, None
        for line in text.splitlines():
            define = self.DEFINE.match(line)
            if define:
                name = base(define.group(1).strip('"'))
                self.signatures[name].append(self.signature(line))
                subprogram = re.search(r"!dbg !(\d+)", line)
                unit = self.unit_of(subprogram.group(1)) if subprogram else None
            elif line == "}":
                name = None
            elif name and unit:
                location = re.search(r"!dbg !(\d+)", line)
                if location:
                    self.note(name, unit, location.group(1))

    @staticmethod
    def signature(line):
        """Calling convention and types, with their ABI attributes."""
        line = re.sub(r"%\S+?(?=[,)])|#\d+|![\w.]+( !\d+)?", "", line)
        line = re.sub(r"range\([^()]*\)|captures\([^()]*\)|initializes\((?:\([^()]*\)(?:, )?)*\)", "", line)
        line = re.sub(r"dereferenceable(_or_null)?\(\d+\)|align \d+", "", line)
        convention = re.search(r"\b(\w*cc)\b", line)
        # Attributes that say what the optimiser found out change no call.
        kinds = re.findall(
            r"\b(void|ptr|half|float|double|x86_fp80|i\d+|signext|zeroext|inreg"
            r"|sret|byval|fastcc|coldcc|tailcc)\b|(<\d+ x \w+>|\{[^{}]*\})",
            line.split(" section ")[0],
        )
        return (convention.group(1) if convention else "ccc", str(kinds))

    def field(self, node, key):
        match = re.search(rf"\b{key}: !(\d+)", self.nodes.get(node, ("", ""))[1])
        return match and match.group(1)

    def subprogram_of(self, scope):
        while scope and self.nodes.get(scope, ("",))[0] != "DISubprogram":
            scope = self.field(scope, "scope")
        return scope

    def unit_of(self, subprogram):
        return self.field(subprogram, "unit")

    def file_of(self, unit):
        file = self.field(unit, "file")
        name = re.search(r'filename: "([^"]*)"', self.nodes.get(file, ("", ""))[1])
        return name.group(1) if name else ""

    def note(self, name, unit, location):
        while location:
            inlined = self.subprogram_of(self.field(location, "scope"))
            other = self.unit_of(inlined) if inlined else None
            if other and other != unit:
                files = [self.file_of(u) for u in (unit, other)]
                if any(map(self.is_apart, files)):
                    callee = re.search(r'name: "([^"]*)"', self.nodes[inlined][1])
                    self.crossed.add((name, callee.group(1)))
            location = self.field(location, "inlinedAt")


def merged(codes):
    """The bodies of several objects."""
    result = collections.defaultdict(list)
    for code in codes:
        for name, bodies in code.bodies.items():
            result[name] += bodies
    return result


def same(wanted, found):
    """How many of wanted's functions are in found, and the names of others."""
    count, others = 0, []
    for name, bodies in sorted(wanted.items()):
        both = collections.Counter(bodies) & collections.Counter(found.get(name, []))
        count += sum(both.values())
        others += [name] * (len(bodies) - sum(both.values()))
    return count, others


def kind(wanted, found):
    """Of a function that differs: in what."""
    if not found:
        return "missing"
    words = [collections.Counter(line.split()[0] for line in b) for b in (wanted, found)]
    if words[0] == words[1]:
        return "registers or order"
    return f"{len(wanted)} instructions, (ii) {len(found)}"


class Build:
    """The builds of one kind of LTO, read."""

    def __init__(self, llvm, folder, directory):
        self.llvm, self.directory = llvm, directory
        alone = sorted((folder / "alone").glob(f"{directory}_*.c.o"))
        native = sorted((folder.parent / "native").glob("*.c.o"))
        self.alone = merged(Code(llvm, path) for path in alone)
        self.native = merged(Code(llvm, path) for path in native)
        together = Code(llvm, folder / "together/all.o")
        self.together = together.bodies
        opted_out = Code(llvm, folder / "opted-out/all.o")
        # What is opted out has no section of its own name.
        self.opted_out = opted_out.unsplit
        self.before = self.modules([path.with_name(path.name + ".bc") for path in alone])
        self.after = self.modules(sorted((folder / "opted-out").glob("*.bc")))
        self.mixed = self.modules(sorted((folder / "together").glob("*.bc")))

    def modules(self, paths):
        inside = re.compile(rf"(^|/){self.directory}/")
        return [Module(self.llvm, path, inside.search) for path in paths]

    def signatures(self, modules):
        result = collections.defaultdict(list)
        for module in modules:
            for name, signatures in module.signatures.items():
                result[name] += signatures
        return result

    def changed_signatures(self, modules):
        before, after = self.signatures(self.before), self.signatures(modules)
        return sorted(
            name
            for name in before
            if name in after
            and collections.Counter(before[name]) - collections.Counter(after[name])
        )

    def rows(self):
        """(what, value, whether it is as required or None)"""
        total = sum(map(len, self.alone.values()))
        crossed = sorted(set().union(*(m.crossed for m in self.after)))
        mixed = sorted(set().union(*(m.crossed for m in self.mixed)))
        lost = sorted(
            name
            for name, bodies in self.alone.items()
            if len(bodies) > len(self.opted_out.get(name, []))
        )
        changed = self.changed_signatures(self.after)
        count, self.others = same(self.alone, self.opted_out)
        yield "functions of the directory in (iv)", total, None
        yield "(ii) code inlined across the line", len(crossed), not crossed
        yield "(ii) symbols of (iv) lost", len(lost), not lost
        yield "(ii) signatures changed", len(changed), not changed
        yield "(ii) identical to (iv)", f"{count / total:.1%}", count >= REQUIRED * total
        for name, bodies in (("ii", self.opted_out), ("iii", self.together), ("iv", self.alone)):
            count, _ = same(self.native, bodies)
            yield f"({name}) identical to (i)", f"{count / sum(map(len, self.native.values())):.1%}", None
        yield "(iii) code inlined across the line", len(mixed), None
        missing = set(self.alone) - set(self.together)
        yield "(iii) symbols of (iv) lost", len(missing), None
        mixed_signatures = self.changed_signatures(self.mixed)
        yield "(iii) signatures changed", len(mixed_signatures), None
        self.details = [("inlined across", c) for c in crossed]
        self.details += [("lost", name) for name in lost]
        self.details += [("signature", name) for name in changed]
        for name in self.others:
            found = self.opted_out.get(name, [])
            what = kind(self.alone[name][0], found[0] if found else None)
            self.details.append(("differs from (iv)", f"{name}: {what}"))


def main(llvm, folder, directory):
    builds = [Build(llvm, folder / lto, directory) for lto in ("thin", "full")]
    tables = [list(build.rows()) for build in builds]
    print(f"{'libsodium, ' + directory:<40}{'ThinLTO':>10}{'full LTO':>10}")
    for thin, full in zip(*tables):
        states = [r[2] for r in (thin, full)]
        required = "" if None in states else "  required: " + ("met" if all(states) else "NOT MET")
        print(f"{thin[0]:<40}{thin[1]:>10}{full[1]:>10}{required}")
    for lto, build in zip(("ThinLTO", "full LTO"), builds):
        for what, which in build.details:
            print(f"{lto}: {what}: {which}")
    return any(row[2] is False for table in tables for row in table)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]))
