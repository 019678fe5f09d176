"""Runs each example and compares what it prints with its README.

    compare.py EXAMPLES-FOLDER [--write]

The README's `console` block is the command and its output. --write puts what was
printed into it.
"""

import pathlib
import re
import subprocess
import sys

root = pathlib.Path(sys.argv[1])
write = "--write" in sys.argv
different = 0
examples = sorted(p.parent for p in root.glob("*/run.sh"))
for example in examples:
    readme = example / "README.md"
    text = readme.read_text("utf-8") if readme.exists() else ""
    block = re.compile(r"(?<=^```console\n)\$ examples/%s/run\.sh\n.*?(?=^```$)" % example.name, re.M | re.S)
    done = subprocess.run([example / "run.sh"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    printed = "$ examples/%s/run.sh\n%s" % (example.name, done.stdout)
    found = block.search(text)
    if write and found:
        readme.write_text(block.sub(lambda _: printed, text), "utf-8")
    elif done.returncode or not found or found.group() != printed:
        different += 1
        print("%s, exit code %d, prints:\n%s" % (example.name, done.returncode, done.stdout))
        print("its README.md says:\n%s" % (found.group() if found else "nothing"))
print("%d of %d examples print something else than their README.md says" % (different, len(examples)))
sys.exit(different != 0)
