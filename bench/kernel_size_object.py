#!/usr/bin/env python3
"""Writes assembly of AArch64 that becomes an object of a kernel's size: 36,000
sections of functions, 9 MB of text, half a million relocations, of which 20,000
are short.

    kernel_size_object.py [--elsewhere] > big.s

With --elsewhere each thousandth function has a short reference to a function
that is not defined here, as `suggest` looks for. Such an object links to no
image.
"""

import sys

FUNCTIONS = 36000
SIZE = 256  # Bytes of each.
CALLS = 12  # Relocations of each that are not short.
SHORT_EVERY = 2  # Each second function has a short reference to a neighbour.


ELSEWHERE_EVERY = 1000


def main():
    has_elsewhere = sys.argv[1:] == ["--elsewhere"]
    print(".text\n.globl _start\n_start: ret")
    for number in range(FUNCTIONS):
        # A third are static, and of those each tenth shares its name's stem, as
        # the kernel's `init` and `probe` do.
        name = f"function_{number}"
        print(f'.section .text.{name},"ax",%progbits')
        if number % 3:
            print(f".globl {name}")
        print(f".type {name},%function\n{name}:")
        for call in range(CALLS):
            target = (number * 7919 + call * 104729) % FUNCTIONS
            print(f" bl function_{target - target % 3 + 1}")
        words = CALLS
        if number % SHORT_EVERY == 0:
            near = min(number - number % 3 + 4, FUNCTIONS - 2)
            print(f" cbz x0, function_{near - near % 3 + 1}")
            words += 1
        if has_elsewhere and number % ELSEWHERE_EVERY == 2:
            print(f" tbz x0, #1, elsewhere{number % 7}")
            words += 1
        print(f" .rept {SIZE // 4 - words}\n nop\n .endr")
        print(f".size {name}, . - {name}")


main()
