"""Prints the errors of an ld.lld log last to first, each with the lines after it."""
import sys

errors = []
for line in open(sys.argv[1]):
    if line.startswith("ld.lld: error: "):
        errors.append("")
    if errors and not line.startswith("#"):
        errors[-1] += line
print("".join(reversed(errors)), end="")
