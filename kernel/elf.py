# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""As much of a little-endian ELF64 object as a comparison of functions needs."""

import bisect
import collections
import mmap
import struct

Section = collections.namedtuple("Section", "name type flags offset size link info entry_size")
Symbol = collections.namedtuple("Symbol", "name type section value size")

SHT_SYMTAB, SHT_RELA = 2, 4
SHF_EXECINSTR = 4
STT_OBJECT, STT_FUNC, STT_SECTION = 1, 2, 3
SHN_UNDEF, SHN_LORESERVE, SHN_XINDEX = 0, 0xFF00, 0xFFFF
SHT_SYMTAB_SHNDX = 18


class Object:
    """An ELF object; `symbols`, `sections`, and `relocations(section)`."""

    def __init__(self, path):
        with open(path, "rb") as f:
            self.data = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ)
        if self.data[:6] != b"\x7fELF\x02\x01":
            raise SystemExit(f"{path}: no little-endian ELF64 file")
        self._read_sections()
        self._read_symbols()
        self._relocations = {}
        for s in self.sections:
            if s.type == SHT_RELA and s.info:
                self._relocations[s.info] = s

    def _read_sections(self):
        start, = struct.unpack_from("<Q", self.data, 0x28)
        count, names = struct.unpack_from("<HH", self.data, 0x3C)
        headers = "<IIQQQQIIQQ"

        def header(i):
            return struct.unpack_from(headers, self.data, start + 64 * i)

        if start and count == 0:  # More than fit: the first header counts.
            count = header(0)[5]
        if names == SHN_XINDEX:
            names = header(0)[6]
        raw = [header(i) for i in range(count)]
        table = raw[names][4]
        self.sections = [
            Section(self._string(table + h[0]), h[1], h[2], h[4], h[5], h[6], h[7], h[9])
            for h in raw
        ]

    def _string(self, at):
        return self.data[at : self.data.find(b"\0", at)].decode("utf-8", "replace")

    def _read_symbols(self):
        self.symbols = []
        table = next((s for s in self.sections if s.type == SHT_SYMTAB), None)
        if table is None:
            return
        strings = self.sections[table.link].offset
        large = next((s for s in self.sections if s.type == SHT_SYMTAB_SHNDX), None)
        body = self.data[table.offset : table.offset + table.size]
        for i, (name, info, _, section, value, size) in enumerate(
            struct.iter_unpack("<IBBHQQ", body)
        ):
            if section == SHN_XINDEX and large:
                section, = struct.unpack_from("<I", self.data, large.offset + 4 * i)
            elif section >= SHN_LORESERVE:
                section = SHN_UNDEF
            text = self._string(strings + name) if name else ""
            self.symbols.append(Symbol(text, info & 15, section, value, size))

    def relocations(self, section):
        """Of a section's index: (offset, type, symbol's index, addend), sorted."""
        s = self._relocations.get(section)
        if s is None:
            return []
        body = self.data[s.offset : s.offset + s.size]
        return sorted(
            (offset, info & 0xFFFFFFFF, info >> 32, addend)
            for offset, info, addend in struct.iter_unpack("<QQq", body)
        )

    def functions(self):
        """Each function symbol with a body, in the order of the symbol table."""
        return self.defined(STT_FUNC)

    def defined(self, kind):
        for s in self.symbols:
            if s.type == kind and s.section != SHN_UNDEF:
                yield s

    def bytes_of(self, symbol):
        at = self.sections[symbol.section].offset + symbol.value
        return self.data[at : at + symbol.size]


class Places:
    """Which of the symbols stands at an offset of a section."""

    def __init__(self, symbols):
        self._starts = collections.defaultdict(list)
        for s in symbols:
            self._starts[s.section].append((s.value, s.name))
        for starts in self._starts.values():
            starts.sort()

    def name(self, section, offset):
        """`symbol+bytes`, or None where nothing begins before."""
        starts = self._starts.get(section, [])
        i = bisect.bisect_right(starts, (offset, "\U0010ffff")) - 1
        return f"{starts[i][1]}+{offset - starts[i][0]}" if i >= 0 else None
