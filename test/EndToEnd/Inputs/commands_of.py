"""Prints the commands of one block of a document: the N-th that is fenced as sh."""
import re
import sys

blocks = re.findall(r"^```sh\n(.*?)^```", open(sys.argv[1]).read(), re.M | re.S)
if len(blocks) != 3:
    sys.exit("%s: three blocks of commands expected, %d found" % (sys.argv[1], len(blocks)))
print(blocks[int(sys.argv[2]) - 1], end="")
