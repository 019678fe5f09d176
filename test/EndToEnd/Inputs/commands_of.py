"""Prints the commands of one block of a document, the N-th of COUNT that are
fenced as sh:

    commands_of.py DOCUMENT N COUNT
"""
import re
import sys

document, number, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
blocks = re.findall(r"^```sh\n(.*?)^```", open(document, encoding="utf-8").read(), re.M | re.S)
if len(blocks) != count:
    sys.exit("%s: %d blocks of commands expected, %d found" % (document, count, len(blocks)))
print(blocks[number - 1], end="")
