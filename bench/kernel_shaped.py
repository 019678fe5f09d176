"""Writes assembly in the shape of a kernel's vmlinux.o for llvm-mc.

  kernel_shaped.py [SECTIONS [TEXT-BYTES]]    36,000 sections of 9,000,000 bytes

One function a section, each with a call and an address by page, as compiled
code has them; every hundredth has a short branch to the function before it, as
a partial link's output has, and every thousandth one to a function that is
defined elsewhere.
"""
import sys

sections = int(sys.argv[1]) if len(sys.argv) > 1 else 36000
text = int(sys.argv[2]) if len(sys.argv) > 2 else 9_000_000
# The instructions below are 24 bytes at most.
filler = max(text // sections - 24, 0) & ~3

out = []
for i in range(sections):
    out.append(
        '.section .text.f%d,"ax",%%progbits\n.globl f%d\n.type f%d,%%function\nf%d:\n'
        "bl f%d\nadrp x0, f%d\nadd x0, x0, :lo12:f%d\n"
        % (i, i, i, i, (i * 7919) % sections, (i * 31) % sections, (i * 31) % sections)
    )
    if i % 100 == 1:
        out.append("cbz x0, f%d\n" % (i - 1))
    if i % 1000 == 2:
        out.append("tbz x0, #1, elsewhere%d\n" % (i % 7))
    out.append(".space %d\nret\n.size f%d,.-f%d\n" % (filler, i, i))
sys.stdout.write("".join(out))
