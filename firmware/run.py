#!/usr/bin/env python3
"""The firmware lane: a program that writes to its own flash, with and without
the policy, and with mistakes seeded.

    run.py --plugin FILE --tool FILE [--llvm DIR] [--short] [--results FILE]

Each row is linked with LTO, verified, and run in QEMU with the flash unreadable
while the driver runs. A mistake must be refused by the link or by verify, or get
no certificate where nobody can know. Exits
1 if a row is not as it should be.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ARM = "/usr/lib/picolibc/arm-none-eabi"
RISCV = "/usr/lib/picolibc/riscv64-unknown-elf"
TARGETS = {
    "Cortex-M3": dict(
        flags="--target=thumbv7m-none-eabi -mcpu=cortex-m3 -DSTORAGE=0x21000000",
        library=f"{ARM}/lib/thumb/v7-m/nofp/libc.a", include=f"{ARM}/include",
        gcc="/usr/lib/gcc/arm-none-eabi/*/thumb/v7-m/nofp/libgcc.a",
        sources=["arm.c", "arm.S"], script="mps2-an385.ld", ram="0x20000000+1MiB",
        qemu="qemu-system-arm -M mps2-an385 -semihosting-config enable=on,target=native"),
    "Cortex-M0": dict(
        flags="--target=thumbv6m-none-eabi -mcpu=cortex-m0 -DSTORAGE=0x21000000",
        library=f"{ARM}/lib/thumb/v6-m/nofp/libc.a", include=f"{ARM}/include",
        gcc="/usr/lib/gcc/arm-none-eabi/*/thumb/v6-m/nofp/libgcc.a",
        sources=["arm.c", "arm.S"], script="mps2-an385.ld", ram="0x20000000+1MiB", qemu=None),
    "RISC-V": dict(
        flags="--target=riscv32-none-elf -march=rv32imac_zicsr -mabi=ilp32 "
        "-DSTORAGE=0x80300000",
        library=f"{RISCV}/lib/release/rv32imac/ilp32/libc.a",
        include=f"{RISCV}/include",
        gcc="/usr/lib/gcc/riscv64-unknown-elf/*/rv32imac/ilp32/libgcc.a",
        sources=["riscv.c", "riscv.S"], script="virt.ld", ram="0x80100000+1MiB",
        qemu="qemu-system-riscv32 -M virt -bios none -m 8"),
}
COMMON = ["main.c", "kernel.c", "flash.c", "crc.c", "store.c", "more.c"]

# Edits of the policy: no data comes along; a handler, a callee is not named.
DATA = [("    data: .ramfunc.rodata\n", ""), ("      - { variable: [crc_table, vectors] }\n", "")]
HANDLER = [("SysTick_Handler, machine_trap", "unused")]
LOCKS = [("kernel_lock, kernel_unlock, ", "")]
# Of the script: what stood in RAM is gathered into flash before.
CODE = ("  .ram : {", "  .early : { *(.ramfunc .ramfunc.*) } > FLASH\n  .ram : {")
CONSTANTS = ("  .ram : {", "  .early : { *(.ramfunc.rodata*) } > FLASH\n  .ram : {")
ORPHAN = ("*(.ramfunc .ramfunc.*)", "*(.RamFunc)")

# A veneer: the linker's only way to what is far. Its code is in RAM; where it
# leads to is in the image alone.
FAR = ("SECTIONS {", "MEMORY { FAR (rwx) : ORIGIN = 0x21100000, LENGTH = 64K }\n"
       "SECTIONS {\n  .far : { *(.farfunc) } > FAR")
# What libgcc's routines call is a routine of its own member. The author gathers
# members into RAM and vouches for them by name.
DIVISION = "__aeabi_uldivmod", ["_aeabi_uldivmod"], ["_udivmoddi4", "_dvmd_tls"]
FLOAT = ("__mulsf3, __floatunsisf, __fixunssfsi", ["mulsf3", "floatunsisf", "fixunssfsi"],
         ["_clzsi2", "_clz"])


def vouched(names):
    return [("function: [Reset_Handler", f"function: [{names}, Reset_Handler")]


def gathered(members):
    lines = "".join(f"    *libgcc.a:{m}.o(.text .text.* .rodata .rodata.*)\n" for m in members)
    return ("    *(.data .data", lines + "    *(.data .data")


# The rule grows; a plan names what it came to.
GROWS = LOCKS + [("    section: .ramfunc", "    grow: { along: [call], depth: unlimited }\n"
                  "    section: .ramfunc")]

# Name, what is asked of the program, edits of the policy and of the script, and
# what the refusal must say.
MISTAKES = [
    ("a table in flash", "TABLE", DATA, None, r"'command' reads the constant 'steps'"),
    ("the driver's table not in the rule", "", DATA, None, r"'command' reads the constant 'crc_table'"),
    ("a string", "STRING", DATA, None, r"'command' reads the constant '\.str[.0-9]*', a string literal"),
    ("a call of code in flash", "CALL", [], None, r"'command' calls 'in_flash'"),
    ("a call of the C library", "LIBRARY", [], None, r"'command' calls 'strlen'"),
    ("a loop that becomes memset", "MEMSET", [], None, r"'command' calls 'memset'"),
    ("a 64-bit division", "DIVISION", [], None, r"calls '__(aeabi_uldivmod|udivdi3)'"),
    ("a software floating-point product", "FLOAT", [], None, r"calls '__(aeabi_fmul|mulsf3)'"),
    ("a pointer to code in flash", "ADDRESS", [], None, r"'in_flash'"),
    ("a table of pointers to code in flash", "POINTERS", [], None, r"'in_flash'"),
    ("inline assembly that calls", "INLINE_ASM", [], None, r"'in_flash'"),
    ("an assembly file that calls", "ASSEMBLY", [], None, r"calls 'assembly'"),
    ("the interrupt's handler in flash", "", HANDLER, None,
     r"(SysTick_Handler|machine_trap) in \.text"),
    ("a callee that the rule lacks", "CALLEE", LOCKS, None, r"'command' calls 'kernel_lock'"),
    ("an orphan section", "", [], ORPHAN, r"\.ramfunc"),
    ("the code gathered into flash", "", [], CODE, r"outside of region 'ram'"),
    ("the constants gathered into flash", "", [], CONSTANTS, r"outside of region 'ram'"),
    ("a 64-bit shift, without an instruction for it", "SHIFT", [], None, r"calls '__aeabi_llsr'"),
    ("a veneer out of RAM", "ASSEMBLY", vouched("assembly"), None,
     r"assembly\S* goes to in_flash in \.text, through the veneer"),
    ("a libgcc routine that calls another in flash", "DIVISION", vouched(DIVISION[0]),
     gathered(DIVISION[1]), r"__aeabi_uldivmod\S* goes to __udivmoddi4 in \.text"),
    ("a libgcc routine that calls another in flash, in soft float", "FLOAT", vouched(FLOAT[0]),
     gathered(FLOAT[1]), r"goes to __clzsi2 in \.text"),
    ("the interrupt's handler in flash, found by the objects", "", HANDLER, None,
     r"(points|goes) to (SysTick_Handler|machine_trap) in \.text", dict(by_objects=True)),
    ("a libgcc routine that calls another in flash, found by the objects", "DIVISION",
     vouched(DIVISION[0]), gathered(DIVISION[1]), r"__aeabi_uldivmod\S* goes to __udivmoddi4 in \.text",
     dict(by_objects=True)),
    ("a callee added after the plan", "CALL", GROWS, None, r"'command\S*' calls 'in_flash'",
     dict(lto="thin", plan="")),
    ("the driver compiled without the plugin", "", [], None,
     r"compiled without the plugin|nobody recorded", dict(without="flash.c")),
    ("a driver function inlined into flash", "ALWAYS_INLINE", [], None,
     r"compiled without the plugin and has no debug info", dict(without="store.c")),
    ("a driver function inlined into flash, the debug info says", "ALWAYS_INLINE", [], None,
     r"'flash_peek' go nowhere else, and debug info says that it was inlined into 'store_write'",
     dict(without="store.c", flags=["-g1"])),
]
RIGHT = [
    ("a lookup by switch", "SWITCH"),
    ("an array with initialisers", "ARRAY"),
    ("a 64-bit shift", "SHIFT"),
    ("a table, which comes along", "TABLE"),
    ("a string, which comes along", "STRING"),
    ("a callee, which the rule has", "CALLEE"),
    ("an always_inline part of the driver", "ALWAYS_INLINE"),
    ("a veneer to RAM that is far", "FAR", vouched("far"), FAR),
    ("a libgcc routine with what it calls", "DIVISION", vouched(DIVISION[0]),
     gathered(DIVISION[1] + DIVISION[2])),
    ("a libgcc routine with what it calls, in soft float", "FLOAT", vouched(FLOAT[0]),
     gathered(FLOAT[1] + FLOAT[2])),
    ("a libgcc routine with what it calls, proven by the objects", "DIVISION",
     vouched(DIVISION[0]), gathered(DIVISION[1] + DIVISION[2]), dict(by_objects=True)),
    ("a callee that the plan has", "CALL", GROWS, None, dict(lto="thin", plan="CALL")),
]
# The shift is a library routine on the one and instructions on the others.
ON = {
    "a 64-bit shift, without an instruction for it": ["Cortex-M0"],
    "a 64-bit shift": ["Cortex-M3", "RISC-V"],
    "a veneer out of RAM": ["Cortex-M3"],
    "a veneer to RAM that is far": ["Cortex-M3"],
    "a libgcc routine that calls another in flash": ["Cortex-M3"],
    "a libgcc routine that calls another in flash, found by the objects": ["Cortex-M3"],
    "a libgcc routine that calls another in flash, in soft float": ["RISC-V"],
    "a libgcc routine with what it calls": ["Cortex-M3"],
    "a libgcc routine with what it calls, proven by the objects": ["Cortex-M3"],
    "a libgcc routine with what it calls, in soft float": ["RISC-V"],
    "a callee that the plan has": ["Cortex-M3", "RISC-V"],
}


def run(words, **more):
    return subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, stdin=subprocess.DEVNULL, **more)


class Lane:
    def __init__(self, options, folder):
        self.options, self.folder = options, pathlib.Path(folder)
        self.cache = {}

    def tool(self, name):
        return str(pathlib.Path(self.options.llvm, name))

    def build(self, target, lto, define="", policy=None, edit=None, without=None, flags=(),
              by_objects=False):
        """The image, or the text of what refused it. Compiles the source
        `without` without the plugin."""
        T = TARGETS[target]
        self.target = target
        environment = dict(os.environ, SECTION_PLACEMENT_ROOT=str(HERE), LC_ALL="C")
        environment.pop("SECTION_PLACEMENT_POLICY", None)
        work = self.folder / "build"
        work.mkdir(exist_ok=True)
        for old in work.iterdir():
            old.unlink()
        plugin = []
        if policy is not None:
            (self.folder / "policy.yaml").write_text(policy)
            environment["SECTION_PLACEMENT_POLICY"] = str(self.folder / "policy.yaml")
            environment["SECTION_PLACEMENT_REPORT"] = str(self.folder / "report")
            report = self.folder / "report"
            report.mkdir(exist_ok=True)
            for old in report.iterdir():
                old.unlink()
            plugin = [f"-fpass-plugin={self.options.plugin}"]
        sources = COMMON + T["sources"]
        if define in ("ASSEMBLY", "FAR"):
            sources = sources + [define.lower() + ".S"]
        objects = []
        for source in sources:
            out = work / (source + ".o")
            words = T["flags"].split() + ["-Os", "-ffunction-sections", "-fdata-sections",
                                          "-ffreestanding", "-w", "-isystem", T["include"]]
            if source.endswith(".c"):
                words += [f"-flto={lto}"] + (plugin if source != without else [])
            if define:
                words.append("-D" + define)
            made = run([self.tool("clang")] + words + list(flags) +
                       ["-c", "program/" + source, "-o", out], cwd=HERE, env=environment)
            if made.returncode:
                return None, made.stdout
            objects.append(str(out))
        script = (HERE / "program" / T["script"]).read_text()
        if edit:
            assert edit[0] in script, edit
            script = script.replace(*edit)
        (self.folder / "link.ld").write_text(script)
        gcc = sorted(pathlib.Path("/").glob(T["gcc"].lstrip("/")))[-1]
        self.objects = objects + [T["library"], str(gcc)]
        words = [self.tool("ld.lld"), "-T", str(self.folder / "link.ld"), "--gc-sections",
                 "-u", "flash_off"] + self.objects
        for old in self.folder.glob("lto.o*"):
            old.unlink()
        words.insert(1, f"--lto-obj-path={self.folder}/lto.o" if by_objects else "--emit-relocs")
        if policy is not None:
            words.insert(1, f"--load-pass-plugin={self.options.plugin}")
        image = self.folder / "image.elf"
        image.unlink(missing_ok=True)
        linked = run(words + ["-o", str(image)], cwd=HERE, env=environment)
        return (str(image), linked.stdout) if linked.returncode == 0 else (None, linked.stdout)

    def plan(self, target, define, policy):
        """The plan of the program, or None and what was said."""
        built = self.build(target, "thin", define, policy)
        plan = self.folder / "plan.yaml"
        plan.unlink(missing_ok=True)
        planned = run([self.options.tool, "plan", "--read-bodies", "--policy",
                       str(self.folder / "policy.yaml"), "-o", str(plan)] + self.objects,
                      cwd=HERE, env=dict(os.environ, SECTION_PLACEMENT_ROOT=str(HERE)))
        return (plan.read_text() if plan.exists() else None), built[1] + planned.stdout

    def verify(self, image, by_objects=False):
        """By the relocations that the image kept, or by those of the objects."""
        words = [self.options.tool, "verify", image, "--policy",
                 str(self.folder / "policy.yaml"), "--report", str(self.folder / "report"),
                 "--memory", "ram=" + TARGETS[self.target]["ram"]]
        if by_objects:
            words += ["--objects"] + sorted(map(str, self.folder.glob("lto.o*"))) + self.objects
        environment = dict(os.environ, SECTION_PLACEMENT_ROOT=str(HERE))
        return run(words, cwd=HERE, env=environment)

    def emulate(self, target, image):
        qemu = TARGETS[target]["qemu"]
        if not qemu:
            return "not run", ""
        try:
            done = run(qemu.split() + ["-display", "none", "-serial", "stdio", "-monitor", "none",
                                       "-kernel", image], timeout=30)
        except subprocess.TimeoutExpired:
            return "hangs", ""
        if "done:" in done.stdout and done.returncode == 0:
            return "runs", done.stdout
        fault = [line for line in done.stdout.splitlines() if line.startswith("fault")]
        return ("faults" if fault or done.returncode == 3 else
                f"exit {done.returncode}"), done.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--tool", required=True)
    parser.add_argument("--llvm", default="/usr/lib/llvm-22/bin")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--results")
    parser.add_argument("--only")
    parser.add_argument("--target")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    options.plugin = str(pathlib.Path(options.plugin).resolve())
    options.tool = str(pathlib.Path(options.tool).resolve())
    policy = (HERE / "policy.yaml").read_text()
    rows, bad = [], 0
    with tempfile.TemporaryDirectory() as folder:
        lane = Lane(options, folder)

        def row(target, lto, what, wanted, define="", text=policy, edit=None, says="",
                plan=None, **more):
            nonlocal bad
            if options.only and options.only not in what:
                return
            planned = ""
            if plan is not None:
                text, planned = lane.plan(target, plan, text)
            image, log = lane.build(target, lto, define, text, edit, **more)
            log = planned + log
            linked = "links" if image else "refused"
            verified = qemu = "-"
            said = log
            if image and text is not None:
                verdict = lane.verify(image, more.get("by_objects", False))
                verified = {0: "holds", 1: "refused", 2: "not judged"}.get(
                    verdict.returncode, "fails")
                said += verdict.stdout
            if image:
                qemu, output = lane.emulate(target, image)
                said += output
            if wanted == "faults":
                good = qemu == "faults" or (qemu == "not run" and linked == "links")
            elif wanted == "runs":
                good = linked == "links" and verified in ("holds", "-") and qemu in (
                    "runs", "not run")
            else:
                good = ("refused" in (linked, verified) or verified == "not judged") and (
                    re.search(says, " ".join(said.split())))
            rows.append((target, lto, what, linked, verified, qemu, "yes" if good else "NO"))
            print(" | ".join(rows[-1]), flush=True)
            if not good or options.verbose:
                print("\n".join("    " + line for line in said.splitlines()[-40:]))
            bad += not good

        modes = ["full"] if options.short else ["full", "thin"]
        targets = [options.target] if options.target else (["Cortex-M3"] if options.short else list(TARGETS))
        for target in targets:
            for lto in modes:
                row(target, lto, "without the policy", "faults", text=None)
                row(target, lto, "with the policy", "runs")
                row(target, lto, "with the policy, proven by the objects", "runs", by_objects=True)
        def seeded(wanted, places, what, define, changes=(), edit=None, says="", more=None):
            text = policy
            for change in changes:
                assert change[0] in text, change
                text = text.replace(*change)
            for target in targets:
                if target in ON.get(what, places):
                    added = dict(more or {})
                    lto = added.pop("lto", "full")
                    row(target, lto, what, wanted, define, text, edit, says, **added)

        for what, define, *rest in RIGHT[:1] if options.short else RIGHT:
            changes, edit, more = (rest + [(), None, {}][len(rest):])
            seeded("runs", targets, what, define, changes, edit, "", more)
        for what, define, changes, edit, says, *more in MISTAKES[:1] if options.short else MISTAKES:
            seeded("refused", ["Cortex-M3", "RISC-V"], what, define, changes, edit, says,
                   more[0] if more else {})
    if options.results:
        with open(options.results, "w", encoding="utf-8") as out:
            out.write("# The firmware lane\n\nWritten by `./bootstrap.sh firmware`. \"As it should "
                      "be\": without the policy the\nprogram faults in QEMU; with it, it runs; each "
                      "mistake is refused by the link or by\n`verify`, with a message that names it, or "
                      "has no certificate where\nnobody can know (`not judged`).\n\n"
                      "| target | LTO | what | link | verify | QEMU | as it should be |\n"
                      "| --- | --- | --- | --- | --- | --- | --- |\n")
            out.writelines("| " + " | ".join(r) + " |\n" for r in rows)
    print(f"{len(rows)} rows, {bad} not as they should be")
    return 1 if bad or not rows else 0


sys.exit(main())
