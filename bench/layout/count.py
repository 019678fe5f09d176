"""What a run touched: count.py CALLGRIND SECTIONS SYMBOLS.

Prints the distinct 4 KiB pages of the program's code that were executed, how
many its functions that ran would fill if they stood one behind the other, and
the mean distance of its calls in bytes, weighed by how often each was made.

By address: callgrind gives code outside .text to no object. So the program must
stand at fixed addresses, below those of the libraries. CALLGRIND is from
--dump-instr=yes --dump-line=no --compress-pos=no, SECTIONS from llvm-readelf
-SW, SYMBOLS from llvm-nm --print-size. pages.sh makes all three, and labels what
this prints.
"""
import bisect
import re
import sys

PAGE = 4096


def code(sections):
    """The address ranges of the program's executable sections."""
    ranges = []
    for line in open(sections):
        placed = re.match(r" *\[ *\d+\] \S+ +\S+ +(\w+) \w+ \w+ +\w+ +\w*A", line)
        if placed and int(placed[1], 16) < PAGE:
            sys.exit(f"{sections}: the program stands at no fixed address; link it with -no-pie")
        found = re.match(r" *\[ *\d+\] \S+ +PROGBITS +(\w+) \w+ (\w+) \w+ +(\w+) ", line)
        if found and "X" in found[3]:
            start = int(found[1], 16)
            ranges.append((start, start + int(found[2], 16)))
    if not ranges:
        sys.exit(f"{sections}: no executable section in it")
    return ranges


def count(callgrind, ranges):
    """Addresses that ran, and calls as (from, to, times)."""
    low, high = min(r[0] for r in ranges), max(r[1] for r in ranges)

    def inside(address):
        return low <= address < high and any(a <= address < b for a, b in ranges)

    ran, calls, callee = set(), [], None
    for line in open(callgrind):
        if line.startswith("calls="):
            times, target = line[6:].split()[:2]
            callee = int(times), int(target, 16)
        elif line.startswith("0x"):
            address = int(line.split()[0], 16)
            if callee and inside(address) and inside(callee[1]):
                calls.append((address, callee[1], callee[0]))
            elif not callee and inside(address):
                ran.add(address)
            callee = None
    if not ran:
        sys.exit(f"{callgrind}: nothing of the program ran")
    return ran, calls


def packed(ran, symbols):
    """Bytes of the functions that ran, each at an address a compiler would
    choose: a multiple of 16."""
    functions = set()
    for line in open(symbols):
        fields = line.split()
        if len(fields) == 4 and fields[2] in "tTwW":
            functions.add((int(fields[0], 16), int(fields[1], 16)))
    functions = sorted(functions)
    starts = [start for start, _ in functions]
    found = {bisect.bisect_right(starts, address) - 1 for address in ran}
    return sum(-functions[i][1] // 16 * -16 for i in found if i >= 0)


def main(callgrind, sections, symbols):
    ran, calls = count(callgrind, code(sections))
    times = sum(n for *_, n in calls)
    far = sum(abs(a - b) * n for a, b, n in calls)
    print(len({a // PAGE for a in ran}), -packed(ran, symbols) // PAGE * -1,
          round(far / max(times, 1)))


if __name__ == "__main__":
    main(*sys.argv[1:])
