# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the functions of relocatable objects are, whatever section holds them.

A function is its bytes and what each relocation in it refers to: a name, the
text of a constant, or a place in a named section. Two builds of one program have
the same code where their functions are equal in this sense.
"""

import bisect
import collections
import pathlib
import re
import sys

sys.dont_write_bytecode = True  # Tests run this in the source tree.
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "kernel"))
from elf import SHF_EXECINSTR, STT_FUNC, STT_OBJECT, STT_SECTION, Object, Places  # noqa: E402

SHF_MERGE, SHF_STRINGS = 0x10, 0x20
EM_X86_64, EM_AARCH64 = 62, 183
# Calls and jumps, whose relocation an assembler resolves inside a section.
X86_64_BRANCHES = {2: "PC32", 4: "PLT32"}
AARCH64_BRANCHES = {282: "JUMP26", 283: "CALL26"}

Code = collections.namedtuple("Code", "bytes references section")
# What a reference to a section of data means; see same_variable().
InSection = collections.namedtuple("InSection", "name section offset")
# Bytes that a reference may lie outside of its variable: the displacement of x86 is
# from the next instruction, which an immediate may part from the field, and code
# may count from before a variable's begin.
AROUND = 64


def canonical(name):
    """Without the hash of its module that a promoted local has."""
    return re.sub(r"\.llvm\.\d+", "", name)


class Functions:
    """The functions of one object, by name and by which of that name it is."""

    def __init__(self, path):
        self.elf = Object(path)
        self.machine = int.from_bytes(self.elf.data[18:20], "little")
        self.places = Places(self.elf.functions())
        self.variables = collections.defaultdict(dict)  # Of a section, by name.
        for v in self.elf.defined(STT_OBJECT):
            self.variables[v.section][canonical(v.name)] = v
        self._relocations = {}
        self.by_key, seen = {}, collections.Counter()
        for f in self.elf.functions():
            name = canonical(f.name)
            self.by_key[(name, seen[name])] = f
            seen[name] += 1

    def code(self, f):
        references = {}
        for offset, kind, symbol, addend in self._between(f):
            target = self._target(self.elf.symbols[symbol], addend, kind)
            references.setdefault(offset - f.value, []).append((kind, target))
        return Code(bytes(self.elf.bytes_of(f)), references,
                    canonical(self.elf.sections[f.section].name))

    def _between(self, f):
        if f.section not in self._relocations:
            self._relocations[f.section] = self.elf.relocations(f.section)
        of_section = self._relocations[f.section]
        return of_section[bisect.bisect_left(of_section, (f.value,)):
                          bisect.bisect_left(of_section, (f.value + f.size,))]

    def _target(self, symbol, addend, kind):
        section = self.elf.sections[symbol.section]
        if symbol.name.startswith(".L") and section.flags & SHF_MERGE:
            addend += symbol.value  # Its number counts functions of the module.
        elif symbol.type != STT_SECTION:
            return canonical(symbol.name), addend
        if section.flags & SHF_EXECINSTR:
            return self._target_in_code(symbol.section, addend)
        # The displacement of the field itself: a reference from the next
        # instruction to the begin of a constant has the addend -4.
        bias = -4 if self.machine == EM_X86_64 and kind in (2, 4, 9, 41, 42) else 0
        at = section.offset + addend - bias
        if section.flags & SHF_STRINGS and section.entry_size == 1:
            return "string", bytes(self.elf.data[at : self.elf.data.find(b"\0", at)])
        if section.flags & SHF_MERGE:
            return "constant", bytes(self.elf.data[at : at + section.entry_size])
        return InSection(canonical(section.name), symbol.section, addend)

    def _target_in_code(self, section, addend):
        # The same bias: `call f` is `section + (f - 4)`.
        at = self.places.name(section, addend + 4) if self.machine == EM_X86_64 else None
        at = at or self.places.name(section, addend)
        if not at:  # Code that no symbol stands in front of.
            return canonical(self.elf.sections[section].name), addend
        name, _, offset = canonical(at).rpartition("+")
        return name, int(offset or 0) - (4 if self.machine == EM_X86_64 else 0)

    def resolved(self, f, offset):
        """Where the branch leads whose field is at `offset` in `f` and has no
        relocation: what the assembler resolved inside the section."""
        at = self.elf.sections[f.section].offset + f.value + offset
        field = int.from_bytes(self.elf.data[at : at + 4], "little", signed=True)
        if self.machine == EM_X86_64:
            to = f.value + offset + 4 + field
            bias = 4
        else:
            to = f.value + offset + ((field << 6 & 0xFFFFFFFF ^ 0x80000000) - 0x80000000 >> 6) * 4
            bias = 0
        name, _, inside = canonical(self.places.name(f.section, to) or "?+0").rpartition("+")
        return name, int(inside) - bias


def same_variable(before, x, after, y):
    """Do both refer to the same place of a variable, whichever section it is in?"""
    for name, v in before.variables[x.section].items():
        w = after.variables[y.section].get(name)
        if w and x.offset - v.value == y.offset - w.value and \
                -AROUND <= x.offset - v.value <= v.size + AROUND:
            return True
    return False


def same_target(before, x, after, y):
    if isinstance(x, InSection) and isinstance(y, InSection):
        return (x.name, x.offset) == (y.name, y.offset) or same_variable(before, x, after, y)
    return x == y


def same_references(before, x, after, y):
    return (x is None) == (y is None) and (x is None or len(x) == len(y) and all(
        kind == other and same_target(before, target, after, there)
        for (kind, target), (other, there) in zip(x, y)))


def difference(before, f, after, g):
    """None where function `f` of `before` and `g` of `after` have one code,
    else in a word what differs."""
    a, b = before.code(f), after.code(g)
    if len(a.bytes) != len(b.bytes):
        return f"size {len(a.bytes)} and {len(b.bytes)}"
    branches = X86_64_BRANCHES if before.machine == EM_X86_64 else AARCH64_BRANCHES
    masked_a, masked_b = bytearray(a.bytes), bytearray(b.bytes)
    for offset in sorted(set(a.references) | set(b.references)):
        x, y = a.references.get(offset), b.references.get(offset)
        if same_references(before, x, after, y):
            continue
        if (x is None) == (y is None):
            return f"at {offset}: refers to {x} and {y}"
        kind, target = (x or y)[0]
        if kind not in branches:
            return f"at {offset}: relocation {x or y} in one of them only"
        to = (after.resolved(g, offset) if y is None else before.resolved(f, offset))
        if to != target:
            return f"at {offset}: branches to {target} and {to}"
        width = bytes(4) if before.machine == EM_X86_64 else bytes(3)
        masked_a[offset : offset + len(width)] = width
        masked_b[offset : offset + len(width)] = width
        if before.machine == EM_AARCH64:
            masked_a[offset + 3] &= 0xFC
            masked_b[offset + 3] &= 0xFC
    if masked_a != masked_b:
        at = next(i for i, (p, q) in enumerate(zip(masked_a, masked_b)) if p != q)
        return f"bytes at {at}"
    return None


def compare(before_paths, after_paths, moved=lambda name: True):
    """Compares two lists of objects, module by module. Gives how many functions
    both have, and a line for each difference. A function for which `moved` is
    false must also be in the same section."""
    compared, faults = 0, []
    if len(before_paths) != len(after_paths):
        faults.append(f"{len(before_paths)} and {len(after_paths)} objects")
    for before_path, after_path in zip(before_paths, after_paths):
        before, after = Functions(before_path), Functions(after_path)
        for key, f in before.by_key.items():
            g = after.by_key.get(key)
            if g is None:
                faults.append(f"{key[0]}: is gone")
                continue
            compared += 1
            said = difference(before, f, after, g)
            if said:
                faults.append(f"{key[0]}: {said}")
            if moved(key[0]):
                continue
            s, t = before.code(f).section, after.code(g).section
            if s != t:
                faults.append(f"{key[0]}: from {s} to {t}")
        faults += [f"{name}: is new" for name, i in after.by_key
                   if (name, i) not in before.by_key]
    return compared, faults


def image_shape(path):
    """Of a linked image: its functions by name with their size, and which of
    them the linker folded into one."""
    elf = Object(path)
    names, at = collections.Counter(), collections.defaultdict(list)
    for s in elf.functions():
        if s.type == STT_FUNC:
            names[(canonical(s.name), s.size)] += 1
            at[s.value].append(canonical(s.name))
    folded = sorted(tuple(sorted(v)) for v in at.values() if len(v) > 1)
    return names, folded


def compare_images(before_path, after_path):
    (a, folded_a), (b, folded_b) = image_shape(before_path), image_shape(after_path)
    faults = [f"image: {name} ({size} bytes) in one of them only"
              for name, size in sorted((a - b) + (b - a))]
    faults += [f"image: {' '.join(c)} folded in one of them only"
               for c in sorted(set(folded_a) ^ set(folded_b))]
    return faults
