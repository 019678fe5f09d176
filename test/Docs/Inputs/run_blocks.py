"""Runs the `sh` blocks of a page in one shell, and compares what each prints with
the `text` block behind it.

    run_blocks.py PAGE [--write] [--setup]

A block `sh setup` is what the test does otherwise: a folder and tools are given.
--setup runs it, too: on a system that has what is installed.
--write puts what was printed into the page.
"""

import pathlib
import re
import subprocess
import sys

page = pathlib.Path(sys.argv[1])
text = page.read_text("utf-8")
MARK = "-- end of block --"
setup = "(?: setup)?" if "--setup" in sys.argv else ""
pattern = re.compile(r"^```sh" + setup + r"\n(.*?)^```\n(?:```text\n(.*?)^```\n)?", re.M | re.S)
blocks = list(pattern.finditer(text))
script = "".join("%s\nstatus=$?\necho '%s' $status\n" % (b.group(1), MARK) for b in blocks)
done = subprocess.run(["bash"], input=script, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
parts = re.split(MARK + r" (\d+)\n", done.stdout)
different, out, at = 0, "", 0
for number, block in enumerate(blocks):
    printed, status = (parts[2 * number : 2 * number + 2] + ["", "?"])[:2]
    if status != "0" or printed != (block.group(2) or ""):
        different += 1
        print("exit code %s of:\n%sprints:\n%s" % (status, block.group(1), printed))
    if block.group(2) is not None:
        out += text[at : block.start(2)] + printed
        at = block.end(2)
if "--write" in sys.argv:
    page.write_text(out + text[at:], "utf-8")
print("%d of %d blocks do something else than the page says" % (different, len(blocks)))
sys.exit(different != 0 or not blocks)
