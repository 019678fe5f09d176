"""Makes links fail with the linkers that are here, and asks suggest about each.

    real_failures.py FOLDER-OF-LLVM'S-TOOLS
"""

import os
import shutil
import subprocess
import sys

LLVM = sys.argv[1]
# Name, triple, the instruction that does not reach, and its relocation.
KINDS = [
    ("condbr19", "aarch64-linux-gnu", "cbz x0, far", "R_AARCH64_CONDBR19"),
    ("bcond19", "aarch64-linux-gnu", "b.eq far", "R_AARCH64_CONDBR19"),
    ("tstbr14", "aarch64-linux-gnu", "tbz x0, #3, far", "R_AARCH64_TSTBR14"),
    ("adr21", "aarch64-linux-gnu", "adr x0, far", "R_AARCH64_ADR_PREL_LO21"),
    ("literal19", "aarch64-linux-gnu", "ldr x0, far", "R_AARCH64_LD_PREL_LO19"),
    ("pc8", "x86_64-linux-gnu", "jrcxz far", "R_X86_64_PC8"),
    ("loop8", "x86_64-linux-gnu", "loop far", "R_X86_64_PC8"),
    ("pc16", "x86_64-linux-gnu", ".word far - .", "R_X86_64_PC16"),
    ("rv-branch", "riscv64-linux-gnu", "beqz a0, far", "R_RISCV_"),
    ("rv-jal", "riscv64-linux-gnu", "jal zero, far", "R_RISCV_JAL"),
    ("thumb-jump19", "thumbv7m-none-eabi", ".eabi_attribute 6, 10\n  beq.w far", "R_ARM_THM_JUMP19"),
    ("thumb-jump11", "thumbv6m-none-eabi", ".eabi_attribute 6, 11\n  b far", "R_ARM_THM_JUMP11"),
    ("thumb-adr", "thumbv7m-none-eabi", ".eabi_attribute 6, 10\n  adr.w r0, far", "R_ARM_THM_ALU_PREL_11_0"),
]
LINKERS = {
    "aarch64": ["aarch64-linux-gnu-ld", "aarch64-linux-gnu-ld.gold", "mold -m aarch64linux"],
    "x86_64": ["ld.bfd", "ld.gold", "mold"],
    "riscv64": ["riscv64-unknown-elf-ld -m elf64lriscv", "mold -m elf64lriscv"],
    "thumbv7m": ["arm-none-eabi-ld"], "thumbv6m": ["arm-none-eabi-ld"],
}
SOURCE = """.section .text.near,"ax",%progbits
.globl near
.type near,%function
near: {0}
  .word 0
.size near, .-near
.section .text.between,"ax",%progbits
.globl between
.type between,%function
between: .space 0x1200000
.size between, .-between
.section .text.zfar,"ax",%progbits
.globl far
.type far,%function
far: .word 0
.size far, .-far
"""


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def main():
    failed = wrong = 0
    for name, triple, instruction, relocation in KINDS:
        with open(name + ".s", "w") as f:
            f.write(SOURCE.format(instruction))
        made = run(os.path.join(LLVM, "llvm-mc"), "-filetype=obj", "-triple=" + triple, name + ".s", "-o", name + ".o")
        if made.returncode:
            print("%s: not assembled: %s" % (name, made.stdout))
            continue
        linkers = [os.path.join(LLVM, "ld.lld")] + LINKERS[triple.split("-")[0]]
        for linker in linkers:
            words = linker.split()
            if not shutil.which(words[0]):
                continue
            what = name + " by " + os.path.basename(words[0])
            link = run(*words, "-e", "near", name + ".o", "-o", name + ".image")
            if os.path.exists(name + ".image"):
                os.remove(name + ".image")  # Tens of MB each.
            if not link.returncode:
                continue  # It does not judge that one, or extends it.
            failed += 1
            with open(name + ".log", "w") as f:
                f.write(link.stdout)
            asked = run("section-placement", "suggest", "--log", name + ".log", name + ".o")
            # gold names no target, and mold no place for what it does not know.
            target = "near" if "gold" in what else "far"
            is_right = relocation in asked.stdout and target in asked.stdout and not asked.returncode
            if "unknown relocation" in link.stdout:
                is_right = asked.returncode == 1 and "nothing to suggest" in asked.stdout
            wrong += not is_right
            if not is_right:
                print("%s: exit %d\n%s\n%s" % (what, asked.returncode, link.stdout[:600], asked.stdout[:900]))
    print("%d links failed, %d answers are wrong" % (failed, wrong))


main()
