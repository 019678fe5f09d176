"""Writes a profile for -fprofile-use, from IR that -fprofile-generate made.

  profile.py IR NAME=COUNT... > a.proftext     COUNT for each counter of NAME
"""
import re
import sys

text = open(sys.argv[1]).read()
print(":ir")
for word in sys.argv[2:]:
    name, count = word.split("=")
    data = re.search(rf"^@__profd_{name} = .*?\{{ i64 -?\d+, i64 (-?\d+),", text, re.M)
    counters = re.search(rf"^@__profc_{name} = .*?\[(\d+) x i64\]", text, re.M)
    numbers = int(counters.group(1))
    print(name, int(data.group(1)) % 2**64, numbers, *[count] * numbers, "", sep="\n")
