# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The first inputs of each fuzz target, made of the repository's own tests."""

import json
import pathlib
import re
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
TESTS = HERE.parent
MAXIMUM = 16384  # Bytes: libFuzzer gains little from longer ones.

ASSEMBLY = {
    "aarch64-linux-gnu": ".globl _start\n_start: cbz x0, f\nadr x1, f\nbl f\nret\n"
    ".section .text.f,\"ax\"\n.globl f\n.type f,%function\nf: tbz x0, #1, _start\nret\n.size f, .-f\n",
    "x86_64-linux-gnu": ".globl _start\n_start: jmp f\ncall f\nret\n"
    ".section .text.f,\"ax\"\n.globl f\n.type f,@function\nf: jne _start\nret\n.size f, .-f\n",
    "armv7-linux-gnueabi": ".globl _start\n_start: bl f\nb f\n.thumb\n.section .text.f,\"ax\"\n"
    ".globl f\n.type f,%function\n.thumb_func\nf: bx lr\n.size f, .-f\n",
    "riscv64-linux-gnu": ".globl _start\n_start: beq a0, a1, f\ncall f\nret\n"
    ".section .text.f,\"ax\"\n.globl f\n.type f,@function\nf: ret\n.size f, .-f\n",
}


def parts():
    """What split-file makes of each test, as (name, text)."""
    for path in sorted(TESTS.rglob("*")):
        if not path.is_file() or "Fuzz" in path.parts or path.suffix in (".cpp", ".h", ".py"):
            continue
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        pieces = re.split(r"^(?:#|//|;)---\s*(\S+).*\n", text, flags=re.M)
        yield path.name, pieces[0]
        yield from zip(pieces[1::2], pieces[2::2])


def those_of(*suffixes):
    return [text.encode() for name, text in parts() if name.endswith(suffixes)]


def globs():
    found = set()
    for text in those_of(".yaml"):
        found.update(re.findall(rb"[\w:./{}\[\]-]*[*?\[][^\s,'\"]*", text))
    return [g + b"\0" + g.replace(b"*", b"ab") for g in sorted(found)]


def names():
    return [b"_ZN3re24Prog9SearchDFAERKNS_11StringPieceES3_NS0_6AnchorENS0_9MatchKindE",
            b"f.llvm.123", b"f.cold.1", b"_RNvCs1234_7mycrate3foo", b"?f@@YAXXZ", b"a b\"<&\n\x1b[1m",
            b"__wrap_f", b"_ZN4core3ptr13drop_in_place17h0123456789abcdefE"]


def run(*command, given=None):
    return subprocess.run(command, input=given, check=True, capture_output=True).stdout


class Binaries:
    def __init__(self, llvm, folder):
        self.llvm, self.folder = pathlib.Path(llvm), folder

    def objects(self):
        for triple, text in ASSEMBLY.items():
            path = self.folder / (triple + ".o")
            run(self.llvm / "llvm-mc", "-filetype=obj", "-triple=" + triple, "-o", path, given=text.encode())
            yield path

    def images(self):
        for path in list(self.objects()):
            for flags in ([], ["--emit-relocs"], ["-r"], ["-shared", "--allow-shlib-undefined"]):
                image = path.with_suffix("." + "".join(flags[:1]).strip("-") + "image")
                subprocess.run([self.llvm / "ld.lld", "-o", image, path, *flags], capture_output=True)
                if image.exists():
                    yield image

    def archives(self):
        for path in list(self.objects()):
            for kind in ("rcs", "rcsT"):
                archive = path.with_suffix("." + kind + ".a")
                run(self.llvm / "llvm-ar", kind, archive, path)
                yield archive

    def profiles(self):
        for number, text in enumerate(those_of(".proftext") + [b"f\n0\n2\n1\n0\n\ng\n1\n1\n7\n"]):
            source, path = self.folder / f"{number}.proftext", self.folder / f"{number}.profdata"
            source.write_bytes(text)
            if subprocess.run([self.llvm / "llvm-profdata", "merge", "-o", path, source],
                              capture_output=True).returncode == 0:
                yield path


def bytes_of(paths):
    return [pathlib.Path(path).read_bytes() for path in paths]


def reports():
    rule = {"name": "r", "line": 2, "seeds": 1, "claimed": 1, "moved": 1, "optional": False}
    found = [text for text in those_of(".json") if b'"rules"' in text]
    return found + [json.dumps({"version": 1, "policy": "p.yaml", "output": "a", "module": "m.c",
                                "phase": "compile", "rules": [rule]}).encode()]


def link_commands():
    commands = [line.strip().encode() for _, text in parts()
                for line in re.findall(r"^.*RUN: .*(ld\.lld .*)$", text, re.M)]
    scripts = those_of(".ld", ".lds", ".map", ".list")
    return (commands[:200] + [b"ld.lld -T f a.o\n" + s for s in scripts] +
            [b"ld.lld --version-script=f --dynamic-list=f a.o\n" + s for s in scripts] +
            [b"ld.lld @f\n" + c for c in commands[:50]])


def selectors():
    """Of each format, with the configuration that a test has beside it."""
    config = b"\0CONFIG_SPI=y\nCONFIG_LEVEL=3\nCONFIG_NAME=\"a b\"\n"
    kinds = [those_of(".lf"), those_of("list", "list.in", "old"), those_of("CMakeLists.txt", ".cmake"),
             those_of(".ld", ".lds")]
    more = [b"[mapping:m]\narchive: liba.a\nentries:\n  if SPI = y:\n    b:f (noflash)\n  else:\n    * (default)\n",
            b"RAM_TEXT:NOKEEP:/top/a.c|RAM_RODATA:COPY:/top/b.c\n",
            b"zephyr_code_relocate(FILES a.c LOCATION RAM_TEXT NOKEEP)\nzephyr_code_relocate(LIBRARY l LOCATION RAM)\n",
            b"SECTIONS { .ram : { *a.o(.text .text.*) *(EXCLUDE_FILE(*b.o) .rodata*) KEEP(*l.a:c.o(.x)) } }\n"]
    for number, texts in enumerate(kinds):
        for text in texts + [more[number]]:
            yield bytes([number]) + text
            yield bytes([number]) + text + config


def metadata():
    return [b"f abcdefghij\ni ./a.c\nn sp=0123:a.c\nn sp:a.c\n", b"p a.c\na f\ni ../x.c\n", b"f \nn sp:\nn sp=\n"]


def plans():
    return [b"f\ta.c\ng\tb.c\nf.llvm.12\ta.c\nh.cold\ta.c\n_ZN1a1bEv\t./c.cpp\n", b"a b\n\"q\"\n*\n{native}\n#x\n",
            b"null\n~\n1\ntrue\n- a\n: b\n"]


def asm():
    texts = those_of(".s", ".S")
    return [bytes([target]) + text for target in range(4) for text in texts[target::4]]


def inputs(target, llvm, folder):
    """The first inputs of TARGET; FOLDER is for what is made on the way."""
    made = Binaries(llvm, folder)
    found = {
        "archive": lambda: bytes_of(made.archives()),
        "asm": asm,
        "glob": globs,
        "import": selectors,
        "image": lambda: bytes_of(made.images()),
        "link": link_commands,
        "log": lambda: those_of(".log", ".txt") + [p.read_bytes() for p in sorted((TESTS / "Suggest/Inputs/messages").rglob("*")) if p.is_file()],
        "metadata": metadata,
        "module": lambda: those_of(".ll"),
        "name": names,
        "object": lambda: bytes_of(made.objects()),
        "plan": plans,
        "policy": lambda: those_of(".yaml"),
        "profile": lambda: bytes_of(made.profiles()),
        "report": reports,
    }[target]()
    kept = sorted((HERE / "seeds" / target).glob("*"))
    return sorted({text for text in found if 0 < len(text) <= MAXIMUM}) + bytes_of(kept)


def words(target):
    """The words that a mutation may put in, as libFuzzer's dictionary."""
    schema = HERE.parents[1] / "docs/policy.schema.json"
    found = set()
    if target in ("policy", "plan"):
        found = set(re.findall(r'"([a-z-]+)"', schema.read_text()))
    if target == "link":
        options = (HERE.parents[1] / "plugin/Link/LinkOptions.cpp").read_text()
        found = {"--" + word + "=" for word in re.findall(r'{"([\w-]+)"', options)}
        script = (HERE.parents[1] / "plugin/Link/LinkerScript.cpp").read_text()
        found |= set(re.findall(r'"([A-Z_]{2,})"', script))
    if target == "import":
        for reader in sorted((HERE.parents[1] / "plugin/Import").glob("*Reader.cpp")):
            found |= {word for word in re.findall(r'"([A-Za-z_:]{3,})"', reader.read_text())}
        found |= {"EXCLUDE_FILE", "KEEP", "SORT", "SECTIONS", "MEMORY"}
    if target == "report":
        reader = (HERE.parents[1] / "plugin/Report/ReportReader.cpp").read_text()
        found = set(re.findall(r'"([a-zA-Z]+)"', reader))
    return sorted(found)
