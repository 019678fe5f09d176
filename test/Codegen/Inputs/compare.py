"""Compares what the pass says of functions with the finished object:

    compare.py PLUGIN SOURCE

For several targets each function of SOURCE is compiled by clang; the undefined
symbols that its section refers to must be those that
print<section-placement-code> names, and so must its size. Prints what differs,
and exits 1 if anything does.
"""

import os
import re
import subprocess
import sys
import tempfile

PLUGIN, SOURCE = sys.argv[1:3]
CONFIGURATIONS = [
    "--target=aarch64-linux-gnu -O2 -fstack-protector-all -moutline-atomics",
    "--target=aarch64-none-elf -Oz -fno-pic -mno-outline",
    "--target=thumbv6m-none-eabi -O2 -fstack-protector-strong",
    "--target=thumbv6m-none-eabi -Oz",
    "--target=thumbv7m-none-eabi -O2",
    "--target=thumbv7m-none-eabi -Os",
    "--target=armv7-none-eabi -O2 -marm -mfloat-abi=soft",
    "--target=riscv32-none-elf -march=rv32imac -mabi=ilp32 -Os -msave-restore",
    "--target=riscv32-none-elf -march=rv32i -mabi=ilp32 -O2",
    "--target=riscv64-linux-gnu -march=rv64gc -mabi=lp64d -O2 -fPIC",
    "--target=x86_64-linux-gnu -O2 -fstack-protector-all",
    "--target=x86_64-linux-gnu -Os -fno-pic -mno-sse2 -mno-x87 -msoft-float",
]


def run(*words):
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(words)}: {done.stderr}")
    return done.stdout + done.stderr


def finished(flags, folder):
    """The undefined symbols of each section, and the sizes of functions."""
    made = os.path.join(folder, "made.o")
    run("clang", *flags, "-c", SOURCE, "-o", made)
    undefined = set(re.findall(r"^\s*[UwW] (\S+)$", run("llvm-nm", "-u", made), re.M))
    of, sizes, section = {}, {}, None
    for line in run("llvm-objdump", "-r", made).splitlines():
        head = re.match(r"RELOCATION RECORDS FOR \[\.text\.(\S+)\]:", line)
        if line.startswith("RELOCATION RECORDS"):
            section = head and head.group(1)
        place = re.match(r"[0-9a-f]+\s+R_\S+\s+([^\s+]+?)(?:[-+]0x[0-9a-f]+)?$", line)
        if section and place and place.group(1) in undefined:
            of.setdefault(section, set()).add(place.group(1))
    for line in run("llvm-objdump", "-t", made).splitlines():
        symbol = re.search(r" F (\S+)\s+([0-9a-f]+) (?:\.hidden )?(\S+)$", line)
        if symbol:
            sizes[symbol.group(3)] = int(symbol.group(2), 16)
    return of, sizes


def predicted(flags, folder, known):
    """Likewise, as the pass says. What is `known` is defined here."""
    bitcode = os.path.join(folder, "made.bc")
    # In the order of uses that the compile has in memory.
    run("clang", *flags, "-emit-llvm", "-Xclang", "-emit-llvm-uselists", "-c", SOURCE, "-o", bitcode)
    said = run("opt", "-load-pass-plugin=" + PLUGIN,
               "-passes=print<section-placement-code>", "-disable-output", bitcode)
    of, sizes, function = {}, {}, None
    for line in said.splitlines():
        head = re.match(r"(\S+): (\d+) bytes, alignment \d+, estimated \d+$", line)
        if head:
            function = head.group(1)
            sizes[function] = int(head.group(2))
            continue
        target = re.match(r"  (?:calls|has the address of|uses|reads) (\S+)(.*)", line)
        if not target:
            sys.exit("unexpected: " + line)
        if target.group(1) not in known and not target.group(2):
            of.setdefault(function, set()).add(target.group(1))
    return of, sizes


def main():
    wrong = 0
    compared = 0
    for configuration in CONFIGURATIONS:
        flags = configuration.split() + ["-ffreestanding", "-ffunction-sections", "-w"]
        with tempfile.TemporaryDirectory() as folder:
            of, sizes = finished(flags, folder)
            defined = set(
                re.findall(r"^[0-9a-f]+ \S (\S+)$",
                           run("llvm-nm", os.path.join(folder, "made.o")), re.M))
            said, said_sizes = predicted(flags, folder, defined)
        # The linker's own, which no code calls or reads.
        own = {"_GLOBAL_OFFSET_TABLE_"}
        for function in sorted(set(sizes) | set(said_sizes)):
            compared += 1
            made, told = of.get(function, set()) - own, said.get(function, set())
            # Constants of the IR that are private have no symbol.
            told = {t for t in told if not re.match(r"\.str|switch\.table|__const|values", t)}
            if made != told:
                wrong += 1
                print(f"{configuration}: {function}: calls {sorted(made)}, told {sorted(told)}")
            if sizes.get(function) != said_sizes.get(function):
                wrong += 1
                print(f"{configuration}: {function}: {sizes.get(function)} bytes, "
                      f"told {said_sizes.get(function)}")
    print(f"{compared} functions compared, {wrong} differences")
    sys.exit(1 if wrong or compared < 60 * len(CONFIGURATIONS) else 0)


main()
