"""Runs the blocks of commands of README.md and docs/, as blocks.txt says.

    run_commands.py ROOT BLOCKS FIXTURES

A block that BLOCKS does not list fails, and so does an entry without a block.
Where a line begins with `$ `, what follows is the output, which is compared.
In a command `…` stands for what differs from machine to machine: before
`/SectionPlacement.so` a folder, and else the rest of the user's own words, which
FIXTURES knows as REST. PLUGIN is the plugin.
"""

import os
import pathlib
import re
import subprocess
import sys
import textwrap

root, table, fixtures = (pathlib.Path(a).resolve() for a in sys.argv[1:])
faults = []


def blocks_of(page):
    """The blocks of a page: fenced ones of a shell, and indented ones."""
    text = page.read_text("utf-8")
    fenced = re.compile(r"^ *```(\S*).*\n((?:.*\n)*?) *```$", re.M)
    found = [(m.start(), m.group(2)) for m in fenced.finditer(text) if m.group(1) in ("sh", "console")]
    rest = fenced.sub(lambda m: "\n" * m.group().count("\n"), text)
    for m in re.finditer(r"(?<=\n\n)(?: {4,}\S.*\n)+", rest):
        found.append((rest.count("\n", 0, m.start()), m.group()))
    return [textwrap.dedent(block).strip("\n") for _, block in found]


def entries():
    for line in table.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            page, first, how = re.fullmatch(r"(\S+): (.*): ((?:run|by|bootstrap|no command).*)", line).groups()
            yield page, first, how


def run(block, folder, page):
    if not (work / folder).exists():
        (work / folder).mkdir()
        subprocess.run(["sh", "-e", fixtures, folder], cwd=work / folder, check=True)
    shown = None
    if block.startswith("$ "):
        block, _, shown = block[2:].partition("\n")
    script = re.sub(r"[\w/]*…?/?SectionPlacement\.so", os.environ["PLUGIN"], block)
    script = script.replace("--load-pass-plugin=…", "--load-pass-plugin=" + os.environ["PLUGIN"])
    script = script.replace("…", "$REST")
    rest = work / folder / "rest"
    environment = dict(os.environ, REST=rest.read_text().strip() if rest.exists() else "")
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script], cwd=work / folder, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )
    if done.returncode or (shown is not None and done.stdout.rstrip() != shown.rstrip()):
        faults.append("%s, exit code %d of:\n%s\nprints:\n%s" % (page, done.returncode, block, done.stdout))


def look_up(block, page):
    bootstrap = (root / "bootstrap.sh").read_text("utf-8")
    for word in re.findall(r"\./bootstrap\.sh ([\w-]+)", block):
        if not re.search(r"^%s\)$" % re.escape(word), bootstrap, re.M):
            faults.append("%s: bootstrap.sh has no '%s'" % (page, word))


work = pathlib.Path.cwd()
wanted = list(entries())
pages = ["README.md"] + sorted(str(p.relative_to(root)) for p in (root / "docs").glob("**/*.md"))
blocks = {page: blocks_of(root / page) for page in pages}
ran = 0
for page, first, how in wanted:
    hits = [b for b in blocks.get(page, []) if first == "*" or b.startswith(first)]
    if not hits or (len(hits) > 1 and first != "*"):
        faults.append("%s: %d blocks begin with '%s'; one was expected" % (page, len(hits), first))
    for block in hits:
        blocks[page].remove(block)
        kind, _, what = how.partition(" ")
        if kind == "run":
            run(block, what, page)
            ran += 1
        elif kind == "by" and not (root / what).is_file():
            faults.append("%s: %s is not there" % (page, what))
        elif kind == "bootstrap":
            look_up(block, page)
for page, left in blocks.items():
    faults += ["%s: nothing runs the block:\n%s" % (page, block) for block in left]
for fault in faults:
    print(fault)
print("%d blocks were run, %d faults" % (ran, len(faults)))
sys.exit(bool(faults) or not ran)
