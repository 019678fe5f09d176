"""Prints the keys that the report's writer has and its documentation lacks.

    documented_keys.py WRITER.cpp FORMAT.md
"""

import re
import sys

with open(sys.argv[1], encoding="utf-8") as writer, open(sys.argv[2], encoding="utf-8") as text:
    keys = set(re.findall(r'J\.attribute(?:Array|Object)?\("(\w+)"', writer.read()))
    documented = text.read()
assert len(keys) > 25, keys
print("undocumented:", sorted(k for k in keys if "`%s`" % k not in documented))
